import assert from "node:assert/strict";
import { drawnTail } from "../../lib/stats/drawn_tail.ts";
import { assertClose } from "../support/statistics_fixtures.ts";

Deno.test("drawnTail() counts the ways to the largest sum", () => {
  const { branch, lnTail } = drawnTail([3, 1, 1, 0], [true, true, false, false]);
  assert.equal(branch, "edge");
  assertClose(lnTail, Math.log(2 / 6), { relative: 1e-14 });
});

Deno.test("drawnTail() of all but one is that of the one, from the other side", () => {
  const scores = [0, 3, 4, 8, 9, 20, 25, 31];
  const isLow = scores.map((score) => score === 3);
  const rest = drawnTail(scores, isLow.map((each) => !each));
  assertClose(rest.lnTail, drawnTail(scores, isLow).lnTail, { relative: 1e-9 });
});
