import assert from "node:assert/strict";
import { LADDERS } from "../../../lib/stats/selectivity/ladder.ts";
import { LadderSearch } from "../../../lib/stats/selectivity/ladder_search.ts";
import {
  type LadderClimb,
  noSums,
  type ScoreStrata,
} from "../../../lib/stats/selectivity/score_sums.ts";
import type { TiltedMoments } from "../../../lib/stats/selectivity/tilt_step.ts";
import { assertClose } from "../../support/statistics_fixtures.ts";

/** How far a person's two scores are apart, if another's could be 1. */
const APART = 0.4;

/** Persons who have two scores each. */
class Twos implements ScoreStrata {
  readonly canClimb = true;
  readonly climbed: LadderClimb[] = [];
  constructor(readonly persons: number) {}
  read(): void {}
  observed(): number {
    return 0;
  }
  sumsOf() {
    return noSums();
  }
  moments(_group: number, _isHigh: boolean, t: number): TiltedMoments {
    const p = 1 / (1 + Math.exp(APART * t));
    const variance = p * (1 - p);
    return {
      t,
      lnMean: this.persons * Math.log((1 + Math.exp(-APART * t)) / 2),
      gap: APART * this.persons * p,
      spread: APART ** 2 * this.persons * variance,
      skew: APART ** 3 * this.persons * variance * (1 - 2 * p),
      kurtosis: APART ** 4 * this.persons * variance * (1 - 6 * variance),
    };
  }
  climb(_isHigh: boolean, to: LadderClimb): number {
    const { rungs } = LADDERS[to.ladder]!;
    const step = to.length / rungs.at(-1)!;
    rungs.forEach((rung, i) => to.lnMeans[i] = this.moments(0, true, rung * step).lnMean);
    this.climbed.push(to);
    return step;
  }
}

Deno.test("one ladder leads to the tilts of all groups of a side", () => {
  const strata = new Twos(300);
  const search = new LadderSearch(strata);
  search.clear();
  const untilted = strata.moments(0, true, 0);
  const tilts = [0.02, 0.3, 1.5];
  const gaps = tilts.map((t) => strata.moments(0, true, t).gap);
  for (const gap of gaps) search.expect(true, gap);
  tilts.forEach((t, i) => {
    const found = search.solve(true, { gap: gaps[i]!, range: 1, untilted })!;
    assert(found.isExact);
    assertClose(found.t, t, { relative: 1e-8 });
  });
  assert.equal(strata.climbed.length, 1);
  assert(strata.climbed[0]!.length > 1.5); // the farthest is not at its end
  // The next column has its own.
  search.clear();
  for (const gap of gaps.slice(0, 2)) search.expect(true, gap);
  search.solve(true, { gap: gaps[0]!, range: 1, untilted });
  assert.equal(strata.climbed.length, 2);
  assert(strata.climbed[1]!.length < strata.climbed[0]!.length);
});

Deno.test("of few persons, or for one group alone, no ladder is gone", () => {
  for (const [persons, groups] of [[20, 3], [300, 1]] as const) {
    const strata = new Twos(persons);
    const search = new LadderSearch(strata);
    search.clear();
    const { gap } = strata.moments(0, true, 0.3);
    for (let group = 0; group < groups; group++) search.expect(true, gap);
    const untilted = strata.moments(0, true, 0);
    assert.equal(search.solve(true, { gap, range: 1, untilted }), undefined);
  }
});
