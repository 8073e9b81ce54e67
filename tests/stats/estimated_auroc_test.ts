import assert from "node:assert/strict";
import { aurocInterval } from "../../lib/stats/auroc_interval.ts";
import { clusteredVariance } from "../../lib/stats/clustered_variance.ts";
import { crossedIntervals } from "../../lib/stats/crossed_intervals.ts";
import { estimateAuroc } from "../../lib/stats/estimated_auroc.ts";

/** Each of some persons in each of some wordings, in the group and outside of it. */
function designOf(persons: number, wordings: number) {
  const at = Array.from({ length: 2 * persons * wordings }, (_, i) => i);
  return {
    values: at.map((i) => i * 7919 % 101 + (i % 2 === 0 ? 20 : 0)),
    inGroup: at.map((i) => i % 2 === 0),
    persons: at.map((i) => Math.floor(i / 2) % persons),
    wordings: at.map((i) => i % 2 + 2 * Math.floor(i / (2 * persons))),
  };
}

Deno.test("with few wordings the interval is over persons, from ten on over both", () => {
  const few = designOf(12, 9);
  assert.deepEqual(
    estimateAuroc(few.values, few).interval,
    aurocInterval(clusteredVariance(few.values, few)!),
  );
  const many = designOf(12, 10);
  assert.deepEqual(
    estimateAuroc(many.values, many).interval,
    crossedIntervals(many.values, many)!.auroc,
  );
});

Deno.test("where there is no interval, there is a reason", () => {
  const { values, inGroup, persons } = designOf(12, 2);
  const reasonOf = (...[of, design]: Parameters<typeof estimateAuroc>) => {
    const { interval, reason } = estimateAuroc(of, design);
    assert.equal(interval, null);
    return reason!;
  };
  assert.match(reasonOf(values, { inGroup: inGroup.map(() => true), persons }), /no questions/);
  const nine = persons.map((person) => person % 9);
  assert.match(
    reasonOf(values, { inGroup, persons: nine }),
    /fewer than 10 persons \(9\) in the relation, or outside of it/,
  );
  assert.match(reasonOf(values, { inGroup, persons, threshold: 1e3 }), /\(0\) have an activation/);
  assert.match(reasonOf(values.map(() => 1), { inGroup, persons }), /all values are equal/);
});
