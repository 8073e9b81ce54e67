/**
 * The tilt at which the expected sum of scores is the one that was observed.
 *
 * @module
 */
import { HermiteSolver } from "./hermite.ts";
import { LadderSearch } from "./ladder_search.ts";
import type { ScoreStrata } from "./score_sums.ts";
import { stepTo, type TiltedMoments } from "./tilt_step.ts";

/** So near to the solution, in units of 1/range, a Taylor step is exact to 1e-9. */
const NEAR = 1e-3;
/**
 * So near to no tilt, where nothing is rounded, the same step is exact enough, too: what is wrong with ln p there is
 * 1/w³ times as much as with the exponent w²/2.
 */
const NEAR_NONE = 3e-3;
const MOST_STEPS = 200;

/** Two tilts nearer than this, in the same units, differ too little to say more than one of them. */
const APART = 0.03;

/** A saddlepoint. */
export interface Tilt {
  /** The tilt. */
  readonly t: number;
  /** t·x − K(t). */
  readonly exponent: number;
  /** K″(t). */
  readonly spread: number;
}

/** Finds the tilts of one column after the other. */
export class TiltSearch {
  readonly #strata: ScoreStrata;
  readonly #isShared: boolean;
  /** The sums that are known of the column, on each side. */
  readonly #found: readonly [TiltedMoments[], TiltedMoments[]] = [[], []];
  readonly #hermite = new HermiteSolver();
  readonly #ladders: LadderSearch | undefined;

  /**
   * Begins.
   *
   * @param isShared Whether the sums of one group are those of all.
   */
  constructor(strata: ScoreStrata, isShared: boolean) {
    this.#strata = strata;
    this.#isShared = isShared;
    this.#ladders = strata.canClimb ? new LadderSearch(strata) : undefined;
  }

  /** Forgets the column before. */
  clear(): void {
    for (const found of this.#found) found.length = 0;
    this.#ladders?.clear();
  }

  /** Says that the tilt of a gap will be asked for: the sums of several tilts can be taken at once. */
  expect(isHigh: boolean, gap: number): void {
    this.#ladders?.expect(isHigh, gap);
  }

  /**
   * Finds t at which the expected gap to the largest sum is the observed one.
   *
   * The sums at a tilt are those of all groups where every person is in each: what one group has taken
   * serves the next, and mostly a ladder of tilts serves all. Between two tilts, and near them, a polynomial
   * through both is exact enough; else the sums are taken at one more.
   *
   * @param isHigh Whether the sum is above its mean.
   * @param start The gap; the largest range; the sums at t = 0.
   * @returns t, t·x − K(t) and K″(t).
   */
  tilt(
    group: number,
    isHigh: boolean,
    { gap, range, untilted }: { gap: number; range: number; untilted: TiltedMoments },
  ): Tilt {
    if ((untilted.gap - gap) / untilted.spread * range <= NEAR_NONE) {
      return refined(untilted, gap, stepTo(untilted, gap));
    }
    const onLadder = this.#ladders?.solve(isHigh, { gap, range, untilted });
    if (onLadder?.isExact) return onLadder;
    const found = this.#found[Number(isHigh)]!;
    if (!this.#isShared) found.length = 0; // another group's sums are of other persons
    if (found.length === 0) found.push(untilted);
    let low = 0;
    let high = Infinity;
    let here = nearest(found, gap);
    let t = onLadder?.isFound ? onLadder.t : Math.max(0, here.t + stepTo(here, gap));
    for (let step = 0;; step++) {
      const other = partner(found, here, { t, range });
      if (other !== undefined) {
        const between = this.#hermite.solve(here, other, { wanted: gap, start: t, range });
        if (between.isExact) {
          const { t, lnMean, spread } = between;
          return { t, exponent: -lnMean - t * gap, spread };
        }
        if (between.isFound && between.t > low && between.t < high) t = between.t;
      }
      here = this.#strata.moments(group, isHigh, t, range);
      found.push(here);
      if (here.gap > gap) low = t;
      else high = t;
      const move = stepTo(here, gap);
      if (Math.abs(move) * range <= NEAR || step === MOST_STEPS) return refined(here, gap, move);
      const next = t + move;
      t = next > low && next < high ? next : high === Infinity ? 2 * low : (low + high) / 2;
    }
  }
}

/** Of the tilts of which the sums are known, the one whose gap is nearest to the wanted one. */
function nearest(found: readonly TiltedMoments[], gap: number): TiltedMoments {
  let best = found[0]!;
  let least = Infinity;
  for (const each of found) {
    const ratio = Math.max(each.gap / gap, gap / each.gap);
    if (ratio < least) [best, least] = [each, ratio];
  }
  return best;
}

/** Of the other tilts that are far enough from one, the nearest to where the wanted one should be. */
function partner(
  found: readonly TiltedMoments[],
  near: TiltedMoments,
  { t, range }: { t: number; range: number },
): TiltedMoments | undefined {
  let best: TiltedMoments | undefined;
  for (const each of found) {
    if (Math.abs(each.t - near.t) * range < APART) continue;
    if (best === undefined || Math.abs(each.t - t) < Math.abs(best.t - t)) best = each;
  }
  return best;
}

/** t·x − K(t) and K″(t) after the last step, by what the sums' derivatives say. */
function refined(
  { t, lnMean, gap: found, spread, skew, kurtosis }: TiltedMoments,
  gap: number,
  move: number,
): Tilt {
  const rest = found - gap;
  const curve = spread / 2 - move * (skew / 6 - move * kurtosis / 24);
  return {
    t: t + move,
    exponent: -lnMean - t * gap + move * (rest - move * curve),
    spread: spread - move * (skew - move * kurtosis / 2),
  };
}
