import assert from "node:assert/strict";
import {
  bestDirections,
  bestHigher,
  bestTurned,
  setOf,
} from "../../../lib/analysis/statistics/null_best.ts";
import { halvesOf } from "../../../lib/analysis/statistics/null_estimates.ts";
import { selectivityDesign } from "../../../lib/stats/selectivity/design.ts";
import {
  roomForSelectivity,
  SelectivityMeter,
} from "../../../lib/stats/selectivity/selectivity.ts";
import { noiseOf } from "../../support/synthetic_site.ts";

const PERSONS = 40;
const groups = Int32Array.from({ length: 2 * PERSONS }, (_, i) => Math.floor(i / PERSONS));
const persons = groups.map((_, i) => i % PERSONS);
const isChoosing = Uint8Array.from(persons, (person) => person % 2);
/** Of group 0: one is low, one a little higher and active, one much higher but never above the threshold. */
const columns = [
  (i: number, group: number) => group + noiseOf(1, i) * 0.5,
  (i: number, group: number) => 1 - 0.2 * group + noiseOf(2, i),
  (i: number, group: number) => -1 - group + 0.1 * noiseOf(3, i),
].map((of) => Float32Array.from(groups, (group, i) => of(i, group)));

const asked = {
  groups,
  groupCount: 2,
  persons,
  personNames: undefined,
  wordings: undefined,
  wordingOf: undefined,
  isChoosing,
  questions: [],
  notes: [],
};
const about = { asked, halves: halvesOf(asked), threshold: 0.1, keys: ["a", "b"] };
const measures = roomForSelectivity(2, 3);
const design = selectivityDesign(groups, { groupCount: 2, persons });
const meter = new SelectivityMeter(design, { threshold: 0.1, isChoosing });
columns.forEach((column, feature) => meter.measure(column, measures, { feature, featureCount: 3 }));
const candidates = {
  features: [0, 1, 2],
  listed: [0, 1, 2],
  measures,
  featureCount: 3,
  column: (feature: number) => columns[feature]!,
};

Deno.test("the highest is taken, but for features that too few persons have active in the group", () => {
  assert.deepEqual(bestHigher(candidates, about).map(({ feature }) => feature), [1, 0]);
  const silent = { ...candidates, listed: [2] };
  assert.deepEqual(bestHigher(silent, about).map(({ feature }) => feature), [2, null]);
});

Deno.test("a neuron may be turned round", () => {
  const [first, second] = bestTurned({ ...candidates, listed: [0, 1] }, about);
  assert.deepEqual([first!.feature, first!.turned, second!.turned], [0, true, false]);
  assert.deepEqual(first!.column, columns[0]!.map((value) => -value));
});

Deno.test("a set counts its discoveries by q over its own tests, and the interval", () => {
  const { set, columns: best } = setOf("sae", candidates, bestHigher(candidates, about), about);
  assert.deepEqual([set.features, set.tests], [3, 6]);
  // Feature 2 tells the groups apart, too, but is active nowhere, and so has no interval.
  assert(set.discoveries >= 2 && set.discoveries <= 4);
  assert.deepEqual(best[1], columns[0]);
  assert(set.best[1]!.auroc === 1 && set.best[1]!.auroc_low! < 1);
});

Deno.test("where the choosing half lacks a group there is no best, no direction and no test", () => {
  // Persons with odd numbers choose, and are asked about group 0 alone.
  const kept = [...groups.keys()].filter((i) => groups[i] === 0 || isChoosing[i] === 0);
  const some = {
    ...asked,
    groups: groups.filter((_, i) => kept.includes(i)),
    persons: persons.filter((_, i) => kept.includes(i)),
    isChoosing: isChoosing.filter((_, i) => kept.includes(i)),
  };
  const lacking = { ...about, asked: some, halves: halvesOf(some) };
  const nowhere = new Float32Array(kept.length);
  const { set, columns: none } = bestDirections([nowhere, nowhere], lacking);
  assert.deepEqual([set.tests, set.discoveries], [0, 0]);
  assert.deepEqual(set.best.map(({ auroc }) => auroc), [null, null]);
  assert.deepEqual(set.best.map(({ reason }) => reason), [
    "no other relation has a question in the choosing half",
    "the relation has no question in the choosing half",
  ]);
  assert.deepEqual(none, [nowhere, nowhere]);
  const without = [0, 1].map(() => ({ feature: null, turned: false, column: null }));
  const { best } = setOf("sae", { ...candidates, column: () => nowhere }, without, lacking).set;
  assert.equal(best[1]!.reason, "the relation has no question in the choosing half");
  const [higher] = setOf("sae", candidates, without, about).set.best;
  assert.equal(higher!.reason, "no feature is higher for the relation");
});

Deno.test("directions are tested on the half on which they were not fitted", () => {
  const { set } = bestDirections([columns[2]!, columns[0]!], about);
  assert.deepEqual([set.tests, set.discoveries, set.active], [2, 2, null]);
  assert.deepEqual(set.best.map(({ auroc }) => auroc), [1, 1]);
});
