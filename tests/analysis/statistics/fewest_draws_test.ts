import assert from "node:assert/strict";
import { fewestDraws } from "../../../lib/analysis/statistics/fewest_draws.ts";

/** Questions of these persons, group by group. */
function drawsOf(...groups: readonly string[]): number {
  return fewestDraws({
    questions: groups.flatMap((persons) =>
      [...persons].map((person) => person === "?" ? {} : { person })
    ),
    groupSizes: groups.map(({ length }) => length),
  });
}

Deno.test("the draws are the questions of the smallest group where each has its person", () => {
  assert.equal(drawsOf("abcd", "abc"), 3);
  assert.equal(drawsOf("abcd", "ab?"), 3);
});

Deno.test("a person's questions about one group are one draw", () => {
  assert.equal(drawsOf("aabbccdd", "aabbcc"), 3);
});

Deno.test("blocks of unequal sizes count as fewer draws", () => {
  // Five blocks, of 5 and 1, 1, 1, 1, count as 81/29 of one size; the smallest group has two of them.
  assert.equal(drawsOf("aaaaab", "abc").toFixed(9), (2 * (81 / 29) / 5).toFixed(9));
});
