import assert from "node:assert/strict";
import { partOf, questionsOf } from "../../lib/verdict/questions.ts";
import { varianceOf } from "../../lib/verdict/variance.ts";
import { noiseOf, syntheticSite } from "../support/synthetic_site.ts";

function partWith(wordings: number) {
  return partOf(questionsOf(syntheticSite({ persons: 12, relations: 2, wordings }).found));
}

/** m/(m−1)·Σ part² over clusters, by their names. */
function variance(parts: ArrayLike<number>, keyOf: (i: number) => string | number): number {
  const sums = new Map<string | number, number>();
  for (let i = 0; i < parts.length; i++) sums.set(keyOf(i), (sums.get(keyOf(i)) ?? 0) + parts[i]!);
  const squares = sums.values().reduce((sum, each) => sum + each * each, 0);
  return sums.size / (sums.size - 1) * squares;
}

Deno.test("with fewer than ten wordings of a relation the variance is over persons", () => {
  const part = partWith(9);
  const parts = part.at.map((i) => noiseOf(i) - 0.5);
  const found = varianceOf(parts, part);
  assert(Math.abs(found.variance / variance(parts, (i) => part.persons[i]!) - 1) < 1e-12);
  assert.equal(found.units, 12);
});

Deno.test("from ten on it is V_person + V_wording − V_both, each relation's wordings its own", () => {
  const part = partWith(10);
  assert.equal(new Set(part.wordings).size, 20);
  const parts = part.at.map((i, k) => noiseOf(i) - 0.5 + noiseOf(part.wordings![k]!));
  const expected = variance(parts, (i) => part.persons[i]!) +
    variance(parts, (i) => part.wordings![i]!) -
    variance(parts, (i) => `${part.persons[i]} ${part.wordings![i]}`);
  const found = varianceOf(parts, part);
  assert(Math.abs(found.variance / expected - 1) < 1e-12);
  assert.equal(found.units, 12); // twelve persons are fewer than twenty wordings
});

Deno.test("what is of one relation rests on the rarer of its own wordings and of the others'", () => {
  const part = partOf(questionsOf(
    syntheticSite({ persons: 40, relations: 3, wordings: 11 }).found,
  ));
  const parts = part.at.map((i) => noiseOf(i) - 0.5);
  assert.equal(varianceOf(parts, part).units, 33);
  assert.equal(varianceOf(parts, part, 1).units, 11);
});
