import assert from "node:assert/strict";
import { aurocInterval } from "../../lib/stats/auroc_interval.ts";
import { clusteredVariance } from "../../lib/stats/clustered_variance.ts";
import { differenceInterval } from "../../lib/stats/difference_interval.ts";
import { influenceCorrelation, personInfluences } from "../../lib/stats/person_influence.ts";
import { noiseAt } from "../support/selectivity_sites.ts";

function questions(count: number, shift: number) {
  const persons = Array.from({ length: count }, (_, i) => Math.floor(i / 2));
  const inGroup = Array.from({ length: count }, (_, i) => i % 2 === 0);
  const values = persons.map((person, i) => noiseAt(person, i) + (inGroup[i] ? shift : 0));
  return { values, inGroup, persons };
}

Deno.test("personInfluences() sum to 0, and their squares to the clustered variance", () => {
  const { values, ...design } = questions(80, 0.2);
  const influences = [...personInfluences(values, design).values()];
  assert(Math.abs(influences.reduce((a, b) => a + b)) < 1e-12);
  // Each of the 40 persons is on both sides, so that all factors of Obuchowski's are 40/39.
  const sum = influences.reduce((total, each) => total + each * each, 0) * 40 / 39;
  const { variance } = clusteredVariance(values, design)!;
  assert(Math.abs(sum - variance!) < 1e-12 * 80, `${sum} is not ${variance}`);
});

Deno.test("personInfluences() has none where a side is empty", () => {
  assert.equal(personInfluences([1, 2], { inGroup: [1, 1], persons: [0, 1] }).size, 0);
});

Deno.test("influenceCorrelation() is 0 of different persons and without variance", () => {
  const { values, ...design } = questions(40, 0.2);
  const found = personInfluences(values, design);
  assert(Math.abs(influenceCorrelation(found, found) - 1) < 1e-12);
  const others = new Map(found.entries().map(([person, each]) => [person + 100, each]));
  assert.equal(influenceCorrelation(found, others), 0);
  assert.equal(influenceCorrelation(found, new Map(found.keys().map((key) => [key, 0]))), 0);
});

Deno.test("differenceInterval() holds the true difference of paired AUROCs about as often as it says", () => {
  // 300 draws of 40 persons, each with one question on each side, of two features that share a part.
  let [state, held, draws] = [1, 0, 300];
  const uniform = () => (state = state * 48271 % 2147483647) / 2147483647;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const design = {
    inGroup: Array.from({ length: 80 }, (_, i) => i % 2 === 0),
    persons: Array.from({ length: 80 }, (_, i) => Math.floor(i / 2)),
  };
  const auroc = { first: 0.760250, second: 0.638163 }; // Φ(1/√2), Φ(½/√2)
  for (let draw = 0; draw < draws; draw++) {
    const common = design.inGroup.map(() => normal());
    const sides = [1, 0.5].map((shift) => {
      const values = common.map((each, i) =>
        Math.SQRT1_2 * (each + normal()) + (design.inGroup[i] ? shift : 0)
      );
      const found = clusteredVariance(values, design)!;
      return { found, influences: personInfluences(values, design) };
    });
    const estimates = sides.map(({ found }) => ({
      estimate: found.auroc,
      interval: aurocInterval(found)!,
    }));
    const correlation = influenceCorrelation(sides[0]!.influences, sides[1]!.influences);
    const [low, high] = differenceInterval(estimates[0]!, estimates[1]!, correlation);
    const truth = auroc.second - auroc.first;
    if (low <= truth && truth <= high) held++;
  }
  // 95 % of 300 is 285, with a standard deviation of 3.8: three of them, rounded.
  assert(held >= 273 && held <= 297, `${held} of ${draws}`);
});
