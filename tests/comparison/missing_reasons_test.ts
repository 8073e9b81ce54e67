import assert from "node:assert/strict";
import { missingReasons } from "../../lib/comparison/missing_reasons.ts";
import { compareSites } from "../../lib/comparison/run_comparison.ts";
import { run } from "../support/compared_runs.ts";

const few = (persons: number) =>
  `fewer than 10 persons (${persons}) have an activation above the threshold`;
const EQUAL = "all values are equal";

/** A relation at a layer whose sides lack what is said. */
function row(relation: string, layer: number, a: string | null, b: string | null) {
  const [pair] = compareSites(run(), run({ seed: 1 }), "features")!;
  const without = (reason: string | null) => ({ ...pair!.a, reason });
  return { layer, pair: { ...pair!, relation, a: without(a), b: without(b) } };
}

Deno.test("each reason is given once, with where it holds and of how many persons", () => {
  const rows = [row("r", 3, EQUAL, null), row("r", 4, null, few(7)), row("s", 4, few(2), few(9))];
  const [said, list] = missingReasons(rows, new Map([["s", "its *name*"]]));
  assert.match(said!, /missing for these reasons/);
  assert.equal(
    list,
    "- fewer than 10 persons have an activation above the threshold: r at layer 4 in B (7), its " +
      "\\*name\\* at layer 4 in A (2) and B (9)\n" +
      `- ${EQUAL}: r at layer 3 in A`,
  );
});

Deno.test("where nothing is missing, nothing is said", () => {
  assert.deepEqual(missingReasons([row("r", 3, null, null)], new Map()), []);
});

Deno.test("of many places of a reason, and of many reasons, some are named and the others counted", () => {
  const many = Array.from({ length: 15 }, (_, layer) => row("r", layer, EQUAL, null));
  assert.match(missingReasons(many, new Map())[1]!, /r at layer 11 in A, and 3 more$/);
  const different = many.concat(many).slice(0, 18)
    .map(({ layer }, i) => row("r", layer, `reason ${i}`, null));
  const lines = missingReasons(different, new Map())[1]!.split("\n");
  assert.equal(lines.length, 13);
  assert.equal(lines.at(-1), "- 6 more reasons stand in compare.json");
  const one = missingReasons(different.slice(0, 13), new Map())[1]!.split("\n");
  assert.equal(one.at(-1), "- 1 more reason stands in compare.json");
});
