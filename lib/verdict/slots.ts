/**
 * Do the slots work as intended? A relation's own slot is to be active, and the others silent.
 *
 * @module
 */
import { drawPersons, type Resamples } from "../stats/bootstrap_t.ts";
import { crossedShare } from "../stats/crossed_share.ts";
import { fewerPersons, inactive } from "../stats/estimated_auroc.ts";
import { meanOverGroups } from "../stats/mean_over_groups.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { topFeatures } from "../stats/top_features.ts";
import { studentQuantile } from "../stats/t_tail.ts";
import { twoWayVariance } from "../stats/two_way_variance.ts";
import { clusteredWilson, type Interval } from "../stats/wilson.ts";
import {
  type Measured,
  missing,
  personsActive,
  type Side,
  sideOf,
  sure,
  unsure,
} from "./measured.ts";
import { areCrossed, ofGroup, type Part, type Questions, tooFew } from "./questions.ts";
import { column, type Site } from "./site.ts";
import { bothOf } from "./variance.ts";

/** The guide's borders. */
export const GUIDE = {
  /** The own slot's mean: good above, a warning below. */
  diagonal: { good: 1, warning: 0.5 },
  /** The other slots' mean: good below, a warning above. */
  offDiagonal: { good: 0.1, warning: 0.2 },
} as const;

/** What the guide calls a number. */
export type Grade = "good" | "between" | "warning" | "unclear";

/** The slots' activations of each question. */
export interface SlotValues {
  /** The own slot's. */
  readonly own: Float64Array;
  /** The mean of the other slots; empty if there are none. */
  readonly others: Float64Array;
  /** The greatest of the other slots; empty if there are none. */
  readonly greatestOther: Float64Array;
  /** Whether the largest slot is the own one. */
  readonly isRight: readonly boolean[];
}

/** How well the slots of a site work. */
export interface SlotFindings {
  /** The mean of the own slots. */
  readonly diagonal: Measured;
  /** What the guide calls it. */
  readonly diagonalGrade: Grade;
  /** The mean of the other slots. */
  readonly offDiagonal: Measured;
  /** What the guide calls it. */
  readonly offDiagonalGrade: Grade;
  /** The diagonal less the off-diagonal. */
  readonly gap: Measured;
  /** The share of questions whose largest slot is the own one. */
  readonly bindingAccuracy: Measured;
  /** Relation by relation: the own slot's mean, its AUROC, the share bound rightly. */
  readonly byGroup: readonly {
    readonly group: string;
    readonly own: Measured;
    readonly auroc: Measured;
    readonly bindingAccuracy: Measured;
  }[];
}

/** The slots' activations of some questions. */
export function slotValues(site: Site, part: Part): SlotValues {
  const { slots, slotCount, freeCount } = site;
  const columns = Array.from({ length: slotCount }, (_, k) => column(site, freeCount + k, part));
  const n = part.at.length;
  const own = new Float64Array(n);
  const others = new Float64Array(slotCount > 1 ? n : 0);
  const greatestOther = new Float64Array(others.length);
  const isRight = part.groups.map((group, i) => {
    const mine = slots[group]!;
    const values = columns.map((values) => values[i]!);
    own[i] = values[mine]!;
    const rest = values.filter((_, slot) => slot !== mine);
    if (slotCount > 1) {
      others[i] = rest.reduce((sum, value) => sum + value, 0) / rest.length;
      greatestOther[i] = Math.max(...rest);
    }
    return topFeatures(values, 1)[0] === mine;
  });
  return { own, others, greatestOther, isRight };
}

/** Each question's own slot less the mean of the others. */
export function gapsOf({ own, others }: SlotValues): Float64Array<ArrayBuffer> {
  return Float64Array.from(own, (value, i) => value - (others[i] ?? 0));
}

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
  const few = reason ?? tooFew(part);
  const found = meanOverGroups(values, { ...part, groupCount }, resamples);
  const { estimate } = found;
  if (few !== undefined) return unsure(estimate, few);
  const interval = areCrossed(part)
    ? crossedInterval(values, part, { groupCount, estimate })
    : found.interval;
  return interval === null
    ? unsure(estimate, "all persons have the same")
    : sure(estimate, interval);
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

/** How well the slots of a site work. */
export function slotFindings(
  site: Site,
  questions: Questions,
  { part, values, resamples }: {
    part: Part;
    values: SlotValues;
    resamples: Resamples | undefined;
  },
): SlotFindings {
  const threshold = site.found.record.activation_threshold;
  const groupCount = questions.groups.length;
  const mean = (of: ArrayLike<number>, activity: ArrayLike<number>) => {
    const found = measuredMean(of, part, { groupCount, resamples });
    const active = personsActive(activity, part, { threshold });
    return active >= LEAST_PERSONS ? found : unsure(found.value!, inactive(active));
  };
  const diagonal = mean(values.own, values.own);
  const offDiagonal = values.others.length === 0
    ? missing("there is one slot only")
    : mean(values.others, values.greatestOther);
  return {
    diagonal,
    diagonalGrade: gradeOf(diagonal, GUIDE.diagonal),
    offDiagonal,
    offDiagonalGrade: gradeOf(offDiagonal, GUIDE.offDiagonal),
    gap: mean(gapsOf(values), values.own),
    bindingAccuracy: boundShare(values.isRight, part),
    byGroup: questions.groups.map(({ key }, group) => ({
      group: key,
      own: ownMean(values.own, part, { group, threshold }),
      auroc: slotAuroc(site, group),
      bindingAccuracy: boundShare(values.isRight, part, group),
    })),
  };
}

/** The own slot's AUROC over all questions, as the table has it. */
function slotAuroc({ found, freeCount, slots }: Site, group: number): Measured {
  const { auroc, auroc_low, auroc_high } = found.measures;
  const at = group * found.record.n_features + freeCount + slots[group]!;
  const value = auroc[at]!;
  if (Number.isNaN(value)) return missing("there are no questions to compare with");
  if (Number.isNaN(auroc_low[at]!)) {
    return unsure(value, "too few persons, or too few with an active slot, or a constant slot");
  }
  return sure(value, [auroc_low[at]!, auroc_high[at]!]);
}

function ownMean(
  own: Float64Array,
  part: Part,
  { group, threshold }: { group: number; threshold: number },
): Measured {
  const some = ofGroup(part, group);
  const values = some.places.map((i) => own[i]!);
  const resamples = areCrossed(some) ? undefined : resamplesOf(some);
  const found = measuredMean(values, some, { groupCount: 1, resamples });
  const active = personsActive(values, some, { threshold });
  return active >= LEAST_PERSONS ? found : unsure(found.value!, inactive(active));
}

/** The share of questions that are bound rightly, of one group or of all. */
function boundShare(isRight: readonly boolean[], part: Part, group?: number): Measured {
  const some = group === undefined ? undefined : ofGroup(part, group);
  const { persons, personCount, wordings } = some ?? part;
  const hit = some === undefined ? isRight : some.places.map((i) => isRight[i]!);
  const hits = new Float64Array(personCount);
  const counts = new Float64Array(personCount);
  persons.forEach((person, i) => {
    counts[person]!++;
    if (hit[i]) hits[person]!++;
  });
  const { share, interval } = wordings !== null && areCrossed(some ?? part)
    ? crossedShare(hit, { persons, wordings })
    : clusteredWilson(hits, counts);
  if (share === null) return missing("there is no question");
  return personCount < LEAST_PERSONS
    ? unsure(share, fewerPersons(personCount))
    : sure(share, interval);
}

/** What the guide calls a number, as far as its interval carries it. */
export function gradeOf(
  measured: Measured,
  { good, warning }: { good: number; warning: number },
): Grade {
  const better: Side = good > warning ? "above" : "below";
  const worse: Side = good > warning ? "below" : "above";
  if (sideOf(measured, good) === better) return "good";
  if (sideOf(measured, warning) === worse) return "warning";
  const isBetween = sideOf(measured, good) === worse && sideOf(measured, warning) === better;
  return isBetween ? "between" : "unclear";
}
