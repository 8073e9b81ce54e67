/**
 * The ladders of one column, one on each side: made when they are first asked for, by what all groups of the side
 * need.
 *
 * @module
 */
import { LADDERS, MOST_RUNGS } from "./ladder.ts";
import { LadderCurve, type OnLadder } from "./ladder_curve.ts";
import type { ScoreStrata } from "./score_sums.ts";
import { stepTo, type TiltedMoments } from "./tilt_step.ts";

/** Of fewer persons, sums are taken as fast as a ladder is gone. */
const LEAST_PERSONS = 64;
/** So many groups on a side share a ladder. */
const LEAST_GROUPS = 2;
/** Ladders reach as far, at least and at most, in units of 1/range. */
const SHORTEST = 0.7;
const LONGEST = 6;

/** The farthest gap on a side, and the ladder that leads there. */
interface Side {
  readonly curve: LadderCurve;
  least: number;
  groups: number;
  isLed: boolean;
}

/** Finds the tilts of one column after the other. */
export class LadderSearch {
  readonly #strata: ScoreStrata;
  readonly #lnMeans = new Float64Array(MOST_RUNGS);
  readonly #sides: readonly [Side, Side] = [newSide(), newSide()];

  /** Begins; all persons are in every group. */
  constructor(strata: ScoreStrata) {
    this.#strata = strata;
  }

  /** Forgets the column before. */
  clear(): void {
    for (const side of this.#sides) {
      side.least = Infinity;
      side.groups = 0;
      side.isLed = false;
    }
  }

  /** Says that the tilt of a gap will be asked for. */
  expect(isHigh: boolean, gap: number): void {
    const side = this.#sides[Number(isHigh)]!;
    side.least = Math.min(side.least, gap);
    side.groups++;
  }

  /**
   * Finds the tilt at which the gap is as wanted; undefined where no ladder is worth its sums.
   *
   * @param range The largest range of a person's scores.
   * @param untilted The moments without a tilt.
   */
  solve(
    isHigh: boolean,
    { gap, range, untilted }: { gap: number; range: number; untilted: TiltedMoments },
  ): OnLadder | undefined {
    const side = this.#sides[Number(isHigh)]!;
    if (this.#strata.persons < LEAST_PERSONS || side.groups < LEAST_GROUPS) return undefined;
    if (!side.isLed) {
      this.#lead(isHigh, side, { range, untilted });
      side.isLed = true;
    }
    return side.curve.solve(gap, stepTo(untilted, gap));
  }

  #lead(
    isHigh: boolean,
    { curve, least }: Side,
    { range, untilted }: { range: number; untilted: TiltedMoments },
  ): void {
    const guess = stepTo(untilted, least) * range;
    const reach = guess > SHORTEST ? Math.min(LONGEST, guess) : SHORTEST;
    const ladder = LADDERS.findIndex((each) => reach <= each.reach);
    const lnMeans = this.#lnMeans;
    const to = { ladder, length: beyond(reach) / range, lnMeans };
    const step = this.#strata.climb!(isHigh, to, range);
    curve.lead(LADDERS[ladder]!, { untilted, step, lnMeans });
  }
}

function newSide(): Side {
  return { curve: new LadderCurve(), least: Infinity, groups: 0, isLed: false };
}

/**
 * How far a ladder reaches if a tilt is guessed there by its cumulants alone. The farther, the more too low the
 * guess is: by 1 % at 2, 3 % at 4, 10 % at 6, for scores of any kind, about.
 */
function beyond(guess: number): number {
  return guess * (1.08 + 0.008 * guess * guess);
}
