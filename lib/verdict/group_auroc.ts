/**
 * AUROCs of relations, their mean and differences of them, each with an interval that does not take as
 * certain what no person moves: where an AUROC is 1, its own interval is a stand-in (Wilson's), and its
 * part in the variance of a mean is not 0 but unknown.
 *
 * @module
 */
import { aurocInfluence, type Influence, sumInfluences } from "../stats/auroc_influence.ts";
import { differenceInterval } from "../stats/difference_interval.ts";
import {
  isStill,
  lackingIn,
  meanOfIntervals,
  type Measured,
  measuredAuroc,
  measuredInfluence,
  measuredMeanAuroc,
  missing,
  sure,
  unsure,
} from "./measured.ts";
import type { Part } from "./questions.ts";

/** An AUROC of a relation, and what each question has to do with it. */
export interface GroupAuroc {
  /** Each question's part of it. */
  readonly influence: Influence;
  /** The AUROC, with its interval. */
  readonly auroc: Measured;
  /** Whether no question moves it, or a number that it is made of. */
  readonly isStill: boolean;
}

/** Each question's part of an AUROC; null if a side has no question. */
function questionInfluence(
  values: ArrayLike<number>,
  { groups }: Part,
  group: number,
): Influence | null {
  const persons = groups.map((_, i) => i);
  const inGroup = groups.map((each) => each === group);
  return aurocInfluence(values, { inGroup, persons, personCount: groups.length });
}

/**
 * The AUROC of values for a group.
 *
 * @param values A value for each question of the part.
 * @param about The group; a value above the threshold is active; why there is no interval, if that is
 * known already.
 * @returns Null if a side has no question.
 */
export function groupAuroc(
  values: ArrayLike<number>,
  part: Part,
  { group, threshold, reason }: {
    group: number;
    threshold?: number | undefined;
    reason?: string | undefined;
  },
): GroupAuroc | null {
  const influence = questionInfluence(values, part, group);
  if (influence === null) return null;
  const found = measuredAuroc(values, part, { group, threshold });
  const auroc = reason === undefined ? found : unsure(influence.estimate, reason);
  return { influence, auroc, isStill: isStill(influence) };
}

/** The mean of AUROCs of the same questions. */
export interface MeanAuroc {
  /** The mean. */
  readonly auroc: Measured;
  /** Each question's part of it; null if it does not exist. */
  readonly influence: Influence | null;
  /** Why it has no interval; undefined if it has one. */
  readonly reason: string | undefined;
}

/**
 * The mean of AUROCs, with its interval.
 *
 * @param none Why there is no mean where one of them is missing.
 */
export function meanAuroc(
  all: readonly (GroupAuroc | null)[],
  part: Part,
  none: string,
): MeanAuroc {
  if (all.length === 0 || all.includes(null)) {
    return { auroc: missing(none), influence: null, reason: none };
  }
  const known = all as readonly GroupAuroc[];
  const influence = sumInfluences(
    known.map((each) => [1 / known.length, each.influence] as const),
  );
  const reason = lackingIn(known.map(({ auroc }) => auroc));
  const [still, moving] = [true, false].map((kind) =>
    known.filter(({ isStill }) => isStill === kind)
  );
  const auroc = reason !== undefined || still!.length === 0
    ? measuredMeanAuroc(influence, part, reason)
    : withStill(influence.estimate, still!.map((each) => each.auroc), {
      count: moving!.length,
      mean: meanAuroc(moving!, part, none).auroc,
    });
  return { auroc, influence, reason };
}

/**
 * A mean of numbers of which some are still: those that move are taken together, and the ends of the
 * others are added to theirs, for nothing says how they hang together.
 */
function withStill(
  estimate: number,
  still: readonly Measured[],
  { count, mean }: { count: number; mean: Measured },
): Measured {
  const parts = [...still, ...Array<Measured>(count).fill(mean)];
  const reason = lackingIn(parts);
  return reason === undefined ? meanOfIntervals(estimate, parts) : unsure(estimate, reason);
}

/** One AUROC less another. */
export function differenceOf(
  one: GroupAuroc,
  other: GroupAuroc,
  part: Part,
  group?: number,
): Measured {
  const reason = one.auroc.reason ?? other.auroc.reason ?? undefined;
  const both = sumInfluences([[1, one.influence], [-1, other.influence]]);
  if (reason !== undefined || !(one.isStill || other.isStill)) {
    return measuredInfluence(both, part, { reason, group });
  }
  const side = ({ influence, auroc }: GroupAuroc) => ({
    estimate: influence.estimate,
    interval: auroc.interval!,
  });
  return sure(both.estimate, differenceInterval(side(other), side(one), 0));
}

/**
 * The mean over relations of one AUROC less another.
 *
 * @param none Why there is none where one of them is missing.
 */
export function meanDifference(
  one: readonly (GroupAuroc | null)[],
  other: readonly (GroupAuroc | null)[],
  part: Part,
  none: string,
): Measured {
  if (one.length === 0 || [...one, ...other].includes(null)) return missing(none);
  const pairs = one.map((each, group) => [each!, other[group]!] as const);
  const share = 1 / pairs.length;
  const both = sumInfluences(
    pairs.flatMap(([a, b]) => [[share, a.influence], [-share, b.influence]] as const),
  );
  const reason = lackingIn(pairs.flat().map(({ auroc }) => auroc));
  const isStill = pairs.map(([a, b]) => a.isStill || b.isStill);
  if (reason !== undefined || !isStill.includes(true)) {
    return measuredInfluence(both, part, { reason });
  }
  const still = pairs.flatMap(([a, b], group) =>
    isStill[group] ? [differenceOf(a, b, part, group)] : []
  );
  const moving = pairs.filter((_, group) => !isStill[group]);
  return withStill(both.estimate, still, {
    count: moving.length,
    mean: meanDifference(moving.map(([a]) => a), moving.map(([, b]) => b), part, none),
  });
}
