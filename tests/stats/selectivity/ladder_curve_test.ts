import assert from "node:assert/strict";
import { SeededRandom } from "../../../lib/stats/seeded_random.ts";
import { LADDERS } from "../../../lib/stats/selectivity/ladder.ts";
import { LadderCurve } from "../../../lib/stats/selectivity/ladder_curve.ts";
import type { TiltedMoments } from "../../../lib/stats/selectivity/tilt_step.ts";
import { assertClose } from "../../support/statistics_fixtures.ts";

const random = new SeededRandom(3);
/** How far the scores of some persons are below their highest; none are more than 1 apart. */
const BELOW = Array.from({ length: 400 }, () => {
  const scores = Array.from({ length: 6 }, () => random.next() / 2 ** 32);
  return scores.map((score) => Math.max(...scores) - score);
});

function momentsAt(t: number): TiltedMoments {
  let [lnMean, gap, spread, skew, kurtosis] = [0, 0, 0, 0, 0];
  for (const below of BELOW) {
    const weights = below.map((d) => Math.exp(-t * d));
    const mass = weights.reduce((sum, each) => sum + each, 0);
    const mean = below.reduce((sum, d, i) => sum + d * weights[i]! / mass, 0);
    const central = (power: number) =>
      below.reduce((sum, d, i) => sum + (d - mean) ** power * weights[i]! / mass, 0);
    lnMean += Math.log(mass / below.length);
    gap += mean;
    spread += central(2);
    skew += central(3);
    kurtosis += central(4) - 3 * central(2) ** 2;
  }
  return { t, lnMean, gap, spread, skew, kurtosis };
}

/** A curve by a ladder that reaches so far. */
function curveTo(length: number, ladder: typeof LADDERS[number]): LadderCurve {
  const step = length / ladder.rungs.at(-1)!;
  const lnMeans = ladder.rungs.map((rung) => momentsAt(rung * step).lnMean);
  const curve = new LadderCurve();
  curve.lead(ladder, { untilted: momentsAt(0), step, lnMeans });
  return curve;
}

Deno.test("all tilts that a ladder reaches are found by what its rungs say", () => {
  for (const ladder of LADDERS) {
    const reach = 0.8 * Math.min(ladder.reach, 7); // at its end, every other one is not
    const curve = curveTo(1.1 * reach, ladder);
    for (const t of [1e-3, 0.1, 0.5, 1].map((share) => share * reach)) {
      const { gap, lnMean, spread } = momentsAt(t);
      const found = curve.solve(gap, 0.9 * t);
      assert(found.isFound && found.isExact, `${ladder.rungs.length} ${t}`);
      // What p is made of, to the digits that are promised: 1e-10 of ln p, and of 1.
      const exponent = -lnMean - t * gap;
      const absolute = 1e-10 * Math.max(1, exponent);
      assertClose(found.exponent, exponent, { relative: 1e-9, absolute }, `${t}`);
      assertClose(found.spread, spread, { relative: 1e-9 * Math.max(1, exponent) }, `${t}`);
      assertClose(found.t, t, { relative: 1e-8 }, `${t}`);
    }
  }
});

Deno.test("what too short a ladder says is not taken for exact, nor what is beyond its end", () => {
  const short = curveTo(8, LADDERS[0]!);
  const found = short.solve(momentsAt(6).gap, 6);
  assert.equal(found.isExact, false);
  const beyond = curveTo(1, LADDERS[0]!).solve(momentsAt(1.1).gap, 1);
  assert.equal(beyond.isExact, false);
  assertClose(beyond.t, 1.1, { relative: 1e-3 }); // but leads near
  assert.equal(curveTo(1, LADDERS[0]!).solve(momentsAt(5).gap, 5).isFound, false);
});
