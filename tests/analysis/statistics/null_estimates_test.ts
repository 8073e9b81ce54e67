import assert from "node:assert/strict";
import { bestOf, halvesOf } from "../../../lib/analysis/statistics/null_estimates.ts";
import { estimateAuroc } from "../../../lib/stats/estimated_auroc.ts";
import { noiseOf } from "../../support/synthetic_site.ts";

const PERSONS = 24;
const groups = Int32Array.from({ length: 3 * PERSONS }, (_, i) => Math.floor(i / PERSONS));
const persons = groups.map((_, i) => i % PERSONS);
const asked = {
  groups,
  groupCount: 3,
  persons,
  personNames: undefined,
  wordings: ["a", "b"],
  wordingOf: persons.map((person) => person % 2),
  isChoosing: Uint8Array.from(persons, (person) => Number(person < 10)),
  questions: [],
  notes: [],
};

Deno.test("halves part the questions by persons, and number persons and a group's own wordings anew", () => {
  const { choosing, estimating } = halvesOf(asked);
  assert.deepEqual([choosing.at.length, estimating.at.length], [3 * 10, 3 * 14]);
  assert(estimating.at.every((i) => persons[i]! >= 10));
  assert.deepEqual(new Set(estimating.persons), new Set(Array(14).keys()));
  assert.deepEqual(estimating.at.map((i) => groups[i]), estimating.groups);
  assert.deepEqual(estimating.inGroup[1], estimating.groups.map((group) => group === 1));
  // The second wording of one group is none of the next.
  assert.equal(new Set(estimating.wordings).size, 6);
});

Deno.test("persons that are not known are their questions, and wordings that are not known are none", () => {
  const { choosing } = halvesOf({ ...asked, persons: undefined, wordingOf: undefined });
  assert.deepEqual(choosing.persons, [...choosing.at.keys()]);
  assert.equal(choosing.wordings, undefined);
});

Deno.test("what is chosen on one half is estimated on the other", () => {
  const halves = halvesOf(asked);
  const about = { asked, halves, threshold: 0.1, keys: ["a", "b", "c"] };
  const column = Float32Array.from(groups, (group, i) => (group === 2 ? 0.3 : 0) + noiseOf(1, i));
  const which = { group: 2, isActivation: true };
  const best = bestOf({ feature: 7, turned: false, column }, about, which);
  const { at, persons: own, inGroup } = halves.estimating;
  const values = at.map((i) => column[i]!);
  const expected = estimateAuroc(values, { inGroup: inGroup[2]!, persons: own });
  assert.deepEqual([best.auroc, best.auroc_low, best.auroc_high], [
    expected.auroc,
    ...expected.interval!,
  ]);
  assert.notEqual(best.auroc_choosing, best.auroc);
  const none = bestOf({ feature: null, turned: false, column: null }, about, which);
  assert.match(none.reason!, /no feature is higher/);
});
