import assert from "node:assert/strict";
import { wholeMoments } from "../../../lib/analysis/statistics/whole_moments.ts";

function momentsOf(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

function wholeOf(inside: readonly number[], outside: readonly number[]) {
  const [own, others] = [momentsOf(inside), momentsOf(outside)];
  const measures = {
    mean_in: Float64Array.of(9, own.mean),
    mean_out: Float64Array.of(9, others.mean),
    sd_in: Float64Array.of(9, own.sd),
    sd_out: Float64Array.of(9, others.sd),
  };
  return wholeMoments(measures, 1, { nIn: inside.length, nOut: outside.length });
}

Deno.test("a group and the rest give the moments of all", () => {
  const [inside, outside] = [[1, 4, 2.5], [-3, 0.5, 0.25, 7]];
  const { mean, deviation } = wholeOf(inside, outside);
  const all = momentsOf([...inside, ...outside]);
  // A few roundings of float64.
  assert(Math.abs(mean - all.mean) < 1e-15 && Math.abs(deviation - all.sd) < 1e-14);
});

Deno.test("a side of one question, or of none, has no deviation of its own", () => {
  const { mean, deviation } = wholeOf([3], [1, 2]);
  assert.equal(mean, 2);
  assert.equal(deviation, 1);
  assert.deepEqual(wholeOf([1, 2, 3], []), { mean: 2, deviation: 1 });
  assert.deepEqual(wholeOf([5], []), { mean: 5, deviation: 0 });
});
