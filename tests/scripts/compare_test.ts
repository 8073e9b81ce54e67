/** `compare` where several SAEs read one site, on tiny inputs. */
import assert from "node:assert/strict";
import { compare } from "../../scripts/compare.ts";
import { emergence } from "../../scripts/emergence.ts";
import { analyzeTiny } from "../support/analyze_tiny.ts";
import { run } from "../support/run.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { RULES } from "../support/tiny_analysis.ts";
import { writeSaelens } from "../support/tiny_saes.ts";

const PERSONS = 22;

/** A question about each relation for each person. */
const LINES = Array.from({ length: PERSONS * RULES.length }, (_, i) => {
  const [rule, person] = [i % RULES.length, Math.floor(i / RULES.length)];
  const question = `${RULES[rule]} of ${"abcdefghijklmnopqrstuvw"[person]}?`;
  return JSON.stringify({
    rule_idx: rule,
    rule_name: RULES[rule],
    question,
    person_id: `p${person}`,
    template_idx: person % 2,
  });
});

/** A run of SAEs in folders of these names, which read at these hooks. */
async function analyzed(
  directory: TemporaryDirectory,
  saes: readonly (readonly [folder: string, hook: string, seed: number])[],
  ...how: string[]
): Promise<string> {
  for (const [folder, hook, seed] of saes) writeSaelens(directory, `sae/${folder}`, { hook, seed });
  const inputs = { layers: [], lines: LINES, statistics: true };
  const samples = ["--samples_per_relation", String(PERSONS), "--activation_threshold", "0"];
  const outcome = await analyzeTiny(
    directory,
    inputs,
    ...samples,
    ...["--layers", "all", "--force_sae", "--dpi", "20"],
    ...how,
  );
  assert.equal(outcome.code, 0, outcome.err.join());
  return `${directory.path}/results`;
}

const [FIRST, SECOND] = ["blocks.0.hook_resid_post", "blocks.1.hook_resid_post"] as const;

Deno.test("SAEs at one site are compared with those of the same name, and told apart", async () => {
  using one = new TemporaryDirectory();
  using other = new TemporaryDirectory();
  const a = await analyzed(one, [["w9", FIRST, 1], ["w12", FIRST, 2], ["x", SECOND, 3]]);
  // The SAE that is called w12 here is the first run's, and w9 is another.
  const b = await analyzed(other, [["w9", FIRST, 7], ["w12", FIRST, 2], ["x", SECOND, 3]]);
  const output = `${one.path}/compare`;
  const { code, out, err } = await run(compare, [
    ...["--a", a, "--b", b, "--output_dir", output, "--dpi", "20"],
  ]);
  assert.equal(code, 0, err.join());
  const { layers } = JSON.parse(Deno.readTextFileSync(`${output}/compare.json`));
  const sites = layers.map(({ site }: { site: string }) => site);
  assert.deepEqual(sites, ["post 0 (w9)", "post 0 (w12)", "post 1"]);
  const same = layers.map(({ made_of }: { made_of: { a: string; b: string } }) =>
    made_of.a === made_of.b
  );
  assert.deepEqual(same, [false, true, true]);
  const notes = out.filter((line) => /Features:/.test(line));
  assert.equal(notes.length, 2);
  assert.match(notes[0]!, /^At post 0 \(w9\): .* the SAEs are different ones/);
  assert.match(notes[1]!, /^At post 0 \(w12\), post 1: .* the SAEs are the same/);
  const text = Deno.readTextFileSync(`${output}/compare.md`);
  for (const site of sites) assert(text.includes(`| ${site} | all (mean) |`), site);
});

Deno.test("where two runs hold other SAEs of a site, the sites of which they hold the same are told", async () => {
  using one = new TemporaryDirectory();
  using other = new TemporaryDirectory();
  const a = await analyzed(one, [["w9", FIRST, 1], ["w12", FIRST, 2], ["x", SECOND, 3]]);
  const b = await analyzed(other, [["w9", FIRST, 1], ["x", SECOND, 3]]);
  const runs = ["--a", a, "--b", b, "--output_dir", `${one.path}/compare`, "--dpi", "20"];
  const refused = await run(compare, runs);
  assert.match(
    refused.err.join(),
    /only .* holds post 0 \(w9\), post 0 \(w12\); only .* holds post 0; .* with --sites post:1$/,
  );
  const compared = await run(compare, [...runs, "--sites", "post:1"]);
  assert.equal(compared.code, 0, compared.err.join());
});

Deno.test("a reader of a comparison is told where in prompts each run is read", async () => {
  using one = new TemporaryDirectory();
  using other = new TemporaryDirectory();
  const a = await analyzed(one, [["x", FIRST, 1]]);
  const b = await analyzed(other, [["x", FIRST, 1]], "--position", "max");
  const output = `${one.path}/compare`;
  const { code, out, err } = await run(compare, [
    ...["--a", a, "--b", b, "--output_dir", output, "--dpi", "20"],
  ]);
  assert.equal(code, 0, err.join());
  const note =
    "Features are read at the prompt's last token in A, and pooled over the prompt's tokens " +
    "(max) in B: the difference includes that of where they are read.";
  assert(out.includes(note), out.join("\n"));
  assert(Deno.readTextFileSync(`${output}/compare.md`).includes(`- ${note}`));
});

Deno.test("the embedding of prompts that all end alike is the control of a comparison, whoever made them", async () => {
  using one = new TemporaryDirectory();
  using same = new TemporaryDirectory();
  using other = new TemporaryDirectory();
  const saes = [["w9", "blocks.0.hook_resid_pre", 1], ["x", FIRST, 3]] as const;
  const own = ["--text_field", "question", "--label_field", "rule_name", "--format", "svg"];
  const a = await analyzed(one, saes, ...own); // all end with a question mark
  const b = await analyzed(same, saes, ...own);
  const c = await analyzed(other, saes, ...own, "--position", "-2"); // a letter is before it
  const textOf = async (first: string, second: string) => {
    const output = `${one.path}/compare`;
    const how = ["--a", first, "--b", second, "--output_dir", output, "--dpi", "20"];
    const { code, err } = await run(compare, how);
    assert.equal(code, 0, err.join());
    return Deno.readTextFileSync(`${output}/compare.md`);
  };
  const SAID = /^- Layer 0 sees only the length of a question: it is the control\.$/m;
  assert.match(await textOf(a, b), SAID);
  assert.doesNotMatch(await textOf(a, c), SAID, "in the second run it sees a letter");
  assert.doesNotMatch(await textOf(c, a), SAID);
  // The picture of where relations emerge names it, too: as it was drawn first, and drawn again.
  const isNamed = (directory: string) => {
    const svg = Deno.readTextFileSync(`${directory}/all_layers_emergence.svg`);
    const words = [...svg.matchAll(/>([^<>]+)</g)].map(([, text]) => text!.trim()).join(" ");
    return words.includes("pre 0, which is layer 0, sees only the length of a question");
  };
  assert.deepEqual([a, c].map(isNamed), [true, false]);
  for (const directory of [a, c]) {
    const { code, err } = await run(emergence, ["--output_dir", directory, "--format", "svg"]);
    assert.equal(code, 0, err.join());
  }
  assert.deepEqual([a, c].map(isNamed), [true, false]);
});
