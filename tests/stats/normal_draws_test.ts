import assert from "node:assert/strict";
import { NormalDraws } from "../../lib/stats/normal_draws.ts";

Deno.test("draws have the mean, the spread and the tails of the normal law, the same again", () => {
  const draw = (seed: number) => {
    const draws = new NormalDraws(seed);
    return Array.from({ length: 20_000 }, () => draws.next());
  };
  const values = draw(1);
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / values.length;
  const beyond = values.filter((each) => Math.abs(each) > 1.96).length / values.length;
  // Four standard errors of 20,000 draws.
  assert(
    Math.abs(mean) < 0.029 && Math.abs(variance - 1) < 0.04 && Math.abs(beyond - 0.05) < 0.007,
  );
  assert.deepEqual(draw(1), values);
  assert.notDeepEqual(draw(2), values);
});
