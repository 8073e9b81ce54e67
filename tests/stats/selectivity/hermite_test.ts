import assert from "node:assert/strict";
import { HermiteSolver } from "../../../lib/stats/selectivity/hermite.ts";
import type { TiltedMoments } from "../../../lib/stats/selectivity/tilt_step.ts";
import { assertClose } from "../../support/statistics_fixtures.ts";

const PERSONS = 500;

/** 500 persons, each with two scores that are 1 apart. */
function momentsAt(t: number): TiltedMoments {
  const p = 1 / (1 + Math.exp(t));
  const variance = p * (1 - p);
  return {
    t,
    lnMean: PERSONS * Math.log((1 + Math.exp(-t)) / 2),
    gap: PERSONS * p,
    spread: PERSONS * variance,
    skew: PERSONS * variance * (1 - 2 * p),
    kurtosis: PERSONS * variance * (1 - 6 * variance),
  };
}

Deno.test("between two tilts, the one that is wanted is found without its sums", () => {
  const solver = new HermiteSolver();
  const [near, other] = [momentsAt(0.3), momentsAt(0)];
  for (const t of [0.02, 0.15, 0.27, 0.33]) {
    const { gap, lnMean, spread } = momentsAt(t);
    const found = solver.solve(near, other, { wanted: gap, start: 0.2, range: 1 });
    assert(found.isFound && found.isExact);
    assertClose(found.t, t, { relative: 1e-9 });
    assertClose(found.lnMean, lnMean, { relative: 1e-10 });
    assertClose(found.spread, spread, { relative: 1e-8 });
  }
});

Deno.test("far from both tilts, what is found is not taken for exact", () => {
  const solver = new HermiteSolver();
  const between = solver.solve(momentsAt(4), momentsAt(0), {
    wanted: momentsAt(2).gap,
    start: 2,
    range: 1,
  });
  assert.equal(between.isExact, false);
  const beyond = solver.solve(momentsAt(0.05), momentsAt(0), {
    wanted: momentsAt(0.3).gap,
    start: 0.3,
    range: 1,
  });
  assert.equal(beyond.isFound, false);
});
