import assert from "node:assert/strict";
import { drawWorld } from "../../../bench/worlds/draw.ts";
import { effectOn, type Law, NO_EFFECT, RELATIONS, slotsOf } from "../../../bench/worlds/law.ts";
import { truthOf } from "../../../bench/worlds/truth.ts";

/** So far above 0 that a feature is always active. */
const bias = 20;
const law: Law = {
  common: 0.4,
  layers: [{
    layer: 1,
    free: [{ bias, effects: effectOn(1, 1) }, { bias: -bias, effects: NO_EFFECT }],
    slots: slotsOf(bias, 10),
  }],
};

Deno.test("the truth of a law is what the normal law says of it", () => {
  const [truth] = truthOf(law, 2000).layers;
  // Φ(1/√2), and the same as seen from the other relations: a third of their others are higher.
  assert(Math.abs(truth!.auroc[0]![1]! - 0.76025) < 0.01);
  assert(Math.abs(truth!.auroc[0]![0]! - (0.5 - 0.26025 / 3)) < 0.01);
  assert.deepEqual(truth!.auroc[1], [0.5, 0.5, 0.5, 0.5]);
  assert(Math.abs(truth!.gap - 10) < 0.1);
  assert.equal(truth!.boundOfAll, 1);
});

Deno.test("a world is the same again with the same seed, and another with another", () => {
  const { columns } = drawWorld(law, 5, 1);
  assert.deepEqual(drawWorld(law, 5, 1).columns, columns);
  assert.notDeepEqual(drawWorld(law, 5, 2).columns, columns);
});

Deno.test("layers have the share of their variance in common that the law says", () => {
  const layer = { layer: 1, free: [{ bias, effects: NO_EFFECT }], slots: [] };
  const { columns } = drawWorld({ common: 0.4, layers: [layer, layer] }, 2000, 1);
  const [first, second] = columns.map(([column]) => column!);
  let sum = 0;
  first!.forEach((value, i) => sum += (value - bias) * (second![i]! - bias));
  assert(Math.abs(sum / first!.length - 0.4) < 0.05);
});

Deno.test("only those are asked who are to be", () => {
  const isAsked = (relation: number, person: number) => person % RELATIONS.length === relation;
  const { questions, columns } = drawWorld({ ...law, isAsked }, 8, 1);
  assert.equal(questions.length, 16); // eight persons, one relation each, two wordings
  assert(questions.every(({ relation, person }) => person % 4 === relation));
  assert(columns[0]!.every((column) => column.length === 16));
});
