import assert from "node:assert/strict";
import { fitLogistic, logOdds } from "../../lib/stats/logistic.ts";

Deno.test("fitLogistic() ends where the loss has no slope", () => {
  const features = [[2, 1.5, 0.1, 0, 0.2, 0, 1.2], [0, 1, 0, 1, 1, 0, 0]];
  const inGroup = [1, 1, 0, 0, 0, 1, 0];
  const fit = fitLogistic(features, inGroup, { penalty: 0.5 });
  const rest = inGroup.map((label, i) => 1 / (1 + Math.exp(-logOdds(fit, features, i))) - label);
  assert(Math.abs(rest.reduce((sum, each) => sum + each, 0)) < 1e-12);
  features.forEach((values, k) => {
    const slope = values.reduce(
      (sum, value, i) => sum + rest[i]! * (value - fit.means[k]!) / fit.deviations[k]!,
      0.5 * fit.coefficients[k]!,
    );
    assert(Math.abs(slope) < 1e-12, `${slope}`);
  });
});

Deno.test("fitLogistic() gives a constant feature no weight, and refuses one side", () => {
  const fit = fitLogistic([[3, 3, 3, 3]], [1, 0, 0, 0]);
  assert.equal(fit.coefficients[0], 0);
  assert.equal(fit.intercept.toFixed(9), Math.log(1 / 3).toFixed(9));
  assert.throws(() => fitLogistic([[1, 2]], [1, 1]), /2 of 2 questions are in the group/);
});

Deno.test("fitLogistic() ends there with many questions, too, of which few have an activation", () => {
  const inGroup = Array.from({ length: 1500 }, (_, i) => Number(i % 6 === 0));
  const values = inGroup.map((label, i) => i % (label === 1 ? 4 : 29) === 0 ? 1 + i % 7 / 3 : 0);
  const fit = fitLogistic([values], inGroup);
  const slope = inGroup.reduce((sum, label, i) => {
    const p = 1 / (1 + Math.exp(-logOdds(fit, [values], i)));
    return sum + (p - label) * (values[i]! - fit.means[0]!) / fit.deviations[0]!;
  }, fit.coefficients[0]!);
  assert(Math.abs(slope) < 1e-11, `${slope}`); // the terms add up to some 300
});

Deno.test("fitLogistic() takes a constant for one, whatever its mean is rounded to", () => {
  const inGroup = Array.from({ length: 60 }, (_, i) => i % 4 === 0);
  const { means, deviations } = fitLogistic([inGroup.map(() => 0.3)], inGroup);
  assert.deepEqual([means, deviations], [[0.3], [1]]);
});

Deno.test("fitLogistic() gives a constant no weight without a penalty, either", () => {
  const { coefficients, intercept } = fitLogistic([[1, 1, 1]], [1, 0, 1], { penalty: 0 });
  assert.equal(coefficients[0], 0);
  assert.equal(intercept.toFixed(9), Math.log(2).toFixed(9));
});
