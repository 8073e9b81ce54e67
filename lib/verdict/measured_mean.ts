/**
 * Means of what questions give, over groups, with their intervals.
 *
 * @module
 */
import { drawPersons, type Resamples } from "../stats/bootstrap_t.ts";
import { fewerPersons } from "../stats/estimated_auroc.ts";
import { meanOverGroups } from "../stats/mean_over_groups.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { studentQuantile } from "../stats/t_tail.ts";
import { twoWayVariance } from "../stats/two_way_variance.ts";
import type { Interval } from "../stats/wilson.ts";
import { lacking, type Measured, sure, unsure } from "./measured.ts";
import { areCrossed, fewestPersons, type Part, tooFew } from "./questions.ts";
import { bothOf } from "./variance.ts";

/** More persons than that are not drawn again: t and bootstrap do not differ then. */
const MOST_DRAWN = 2000;

/** How often each person of a part is drawn; none where there are very many or too few. */
export function resamplesOf(part: Part): Resamples | undefined {
  if (part.personCount > MOST_DRAWN || tooFew(part) !== undefined) return undefined;
  return drawPersons(part.personCount, { seed: 1 });
}

/**
 * The mean over groups of values that are made of activations, with its interval over persons.
 *
 * @param options Why there is no interval, where that is known already.
 */
export function measuredMean(
  values: ArrayLike<number>,
  part: Part,
  { groupCount, resamples, reason }: {
    groupCount: number;
    resamples: Resamples | undefined;
    reason?: string | undefined;
  },
): Measured {
  const few = reason ?? tooFew(part) ?? tooFewOfOne(part, groupCount);
  const found = meanOverGroups(values, { ...part, groupCount }, resamples);
  const { estimate } = found;
  if (few !== undefined) return unsure(estimate, few);
  const interval = areCrossed(part)
    ? crossedInterval(values, part, { groupCount, estimate })
    : found.interval;
  return interval === null
    ? unsure(estimate, `all ${part.units} have the same`)
    : sure(estimate, interval);
}

/**
 * Why there is no interval of a mean over groups: of a group that few persons are asked about, the part in
 * the variance is much too small (of one person it is 0), however many are asked about the others.
 */
function tooFewOfOne(part: Part, groupCount: number): string | undefined {
  const fewest = fewestPersons(part, groupCount);
  return fewest < LEAST_PERSONS ? lacking(fewerPersons(fewest, part.units)) : undefined;
}

/** Over persons and wordings, Student's t: the bootstrap is one over persons. */
function crossedInterval(
  values: ArrayLike<number>,
  part: Part,
  { groupCount, estimate }: { groupCount: number; estimate: number },
): Interval | null {
  const { groups, persons, personCount, wordings } = part;
  const squareOf = (clusters: readonly number[]) => {
    const count = new Set(clusters).size;
    const design = { groups, groupCount, persons: clusters, personCount: count };
    return meanOverGroups(values, design).standardError ** 2;
  };
  const variance = twoWayVariance({
    persons: squareOf(persons),
    wordings: squareOf(wordings!),
    both: squareOf(bothOf(part)),
  });
  if (variance === 0) return null;
  const units = Math.min(personCount, new Set(wordings).size);
  const half = studentQuantile(units - 1) * Math.sqrt(variance);
  return [estimate - half, estimate + half];
}
