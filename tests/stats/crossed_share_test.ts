import assert from "node:assert/strict";
import { crossedShare } from "../../lib/stats/crossed_share.ts";
import { studentQuantile } from "../../lib/stats/t_tail.ts";
import { wilsonInterval } from "../../lib/stats/wilson.ts";

const at = Array.from({ length: 240 }, (_, i) => i);
const persons = at.map((i) => i % 20);
const wordings = at.map((i) => Math.floor(i / 20));

Deno.test("the design effect is made of V_person + V_wording − V_both", () => {
  const isHit = at.map((i) => i * 7919 % 13 > wordings[i]! % 4 + persons[i]! % 3);
  const share = isHit.filter(Boolean).length / 240;
  const variance = (keyOf: (i: number) => string | number) => {
    const sums = new Map<string | number, number>();
    for (const i of at) sums.set(keyOf(i), (sums.get(keyOf(i)) ?? 0) + Number(isHit[i]) - share);
    const squares = sums.values().reduce((sum, each) => sum + each * each, 0);
    return sums.size / (sums.size - 1) * squares / 240 ** 2;
  };
  const both = variance((i) => persons[i]!) + variance((i) => wordings[i]!) - variance((i) => i);
  const effect = Math.max(1, both / (share * (1 - share) / 240));
  const expected = wilsonInterval(share, 240 / effect, studentQuantile(11));
  const { interval } = crossedShare(isHit, { persons, wordings });
  expected.forEach((end, k) => assert(Math.abs(interval[k]! - end) < 1e-12));
});

Deno.test("of shares of 0 or 1, the rarer of persons and wordings counts", () => {
  const { interval } = crossedShare(at.map(() => true), { persons, wordings });
  assert.deepEqual(interval, wilsonInterval(1, 12, studentQuantile(11)));
});
