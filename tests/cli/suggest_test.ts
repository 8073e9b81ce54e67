import assert from "node:assert/strict";
import { didYouMean, suggest } from "../../lib/cli/suggest.ts";
import { analyze } from "../../scripts/analyze.ts";

const OPTIONS = Object.keys(analyze.options);

const MEANT: readonly [typed: string, meant: string[]][] = [
  ["samples", ["samples_per_relation"]],
  ["sample-per-relation", ["samples_per_relation"]],
  ["num_samples", ["samples_per_relation"]],
  ["qa", ["qa_file"]],
  ["threshold", ["activation_threshold"]],
  ["thresold", ["activation_threshold"]],
  ["output", ["output_dir"]],
  ["out-put_dir", ["output_dir"]],
  ["ouptut_dir", ["output_dir"]],
  ["model", ["lm_model"]],
  ["lmmodel", ["lm_model"]],
  ["layer", ["layers"]],
  ["layers_list", ["layers"]],
  ["LAYERS", ["layers"]],
  ["laeyrs", ["layers"]],
  ["formats", ["format"]],
  ["topk", ["top_k_features"]],
  ["dir", ["sae_dir", "output_dir"]],
  ["zzzzzzzz", []],
  ["verbose", []],
  ["x", []],
  ["", []],
];
for (const [typed, meant] of MEANT) {
  Deno.test(`suggest() finds ${meant.join(" and ") || "nothing"} like "${typed}"`, () => {
    assert.deepEqual(suggest(typed, OPTIONS), meant);
  });
}

Deno.test("suggest() finds commands by their beginnings, and when they are misspelt", () => {
  const commands = ["analyze", "slots", "statistics", "common_features", "summary"];
  assert.deepEqual(suggest("analyse", commands), ["analyze"]);
  assert.deepEqual(suggest("stats", commands), ["statistics"]);
  assert.deepEqual(suggest("commonfeatures", commands), ["common_features"]);
  assert.deepEqual(suggest("features", commands), ["common_features"]);
  assert.deepEqual(suggest("sumary", commands), ["summary"]);
});

Deno.test("suggest() names three at most", () => {
  assert.deepEqual(suggest("a", ["a_1", "a_2", "a_3", "a_4"]), []);
  assert.deepEqual(suggest("ab", ["ab_1", "ab_2", "ab_3", "ab_4"]), ["ab_1", "ab_2", "ab_3"]);
});

Deno.test("didYouMean() says it as the end of a message", () => {
  assert.equal(didYouMean([]), "");
  assert.equal(didYouMean(["--a"]), "; did you mean --a?");
  assert.equal(didYouMean(["--a", "--b"]), "; did you mean --a or --b?");
  assert.equal(didYouMean(["--a", "--b", "--c"]), "; did you mean --a, --b or --c?");
});
