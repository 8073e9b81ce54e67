/**
 * Do the slots work as intended? A relation's own slot is to be active, and the others silent.
 *
 * @module
 */
import type { Resamples } from "../stats/bootstrap_t.ts";
import { crossedShare } from "../stats/crossed_share.ts";
import { fewerPersons, inactive } from "../stats/estimated_auroc.ts";
import { personsActive } from "../stats/persons_active.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { clusteredWilson } from "../stats/wilson.ts";
import { type Measured, missing, type Side, sideOf, sure, unsure } from "./measured.ts";
import { measuredMean, resamplesOf } from "./measured_mean.ts";
import { areCrossed, ofGroup, type Part, type Questions } from "./questions.ts";
import type { Site } from "./site.ts";
import { gapsOf, type SlotValues } from "./slot_values.ts";

/** The guide's borders. */
export const GUIDE = {
  /** The own slot's mean: good above, a warning below. */
  diagonal: { good: 1, warning: 0.5 },
  /** The other slots' mean: good below, a warning above. */
  offDiagonal: { good: 0.1, warning: 0.2 },
} as const;

/** What the guide calls a number. */
export type Grade = "good" | "between" | "warning" | "unclear";

/** How well the slots of a site work. */
export interface SlotFindings {
  /** The mean of the own slots. */
  readonly diagonal: Measured;
  /** What the guide calls it; null where its borders do not apply. */
  readonly diagonalGrade: Grade | null;
  /** The mean of the other slots. */
  readonly offDiagonal: Measured;
  /** What the guide calls it; null where its borders do not apply. */
  readonly offDiagonalGrade: Grade | null;
  /** The diagonal less the off-diagonal. */
  readonly gap: Measured;
  /** The share of questions whose largest slot is the own one; of equal ones the first counts. */
  readonly bindingAccuracy: Measured;
  /** In how many questions several slots are equal and the largest. */
  readonly tied: number;
  /** Relation by relation: the own slot's mean, its AUROC, the share bound rightly. */
  readonly byGroup: readonly {
    readonly group: string;
    readonly own: Measured;
    readonly auroc: Measured;
    readonly bindingAccuracy: Measured;
  }[];
}

/** Why a slot is compared with no others. */
export const ONE_SLOT = "there is one slot only";

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
    const active = personsActive(activity, part.persons, threshold);
    return active >= LEAST_PERSONS ? found : unsure(found.value!, inactive(active, part.units));
  };
  const diagonal = mean(values.own, values.own);
  const isAlone = values.others.length === 0;
  const offDiagonal = isAlone ? missing(ONE_SLOT) : mean(values.others, values.greatestOther);
  return {
    diagonal,
    diagonalGrade: gradeOf(diagonal, GUIDE.diagonal, site.position),
    offDiagonal,
    offDiagonalGrade: gradeOf(offDiagonal, GUIDE.offDiagonal, site.position),
    gap: isAlone ? missing(ONE_SLOT) : mean(gapsOf(values), values.own),
    bindingAccuracy: boundShare(values.isRight, part),
    tied: values.tied,
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
  const active = personsActive(values, some.persons, threshold);
  return active >= LEAST_PERSONS ? found : unsure(found.value!, inactive(active, part.units));
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
    ? unsure(share, fewerPersons(personCount, part.units))
    : sure(share, interval);
}

/**
 * What the guide calls a number, as far as its interval carries it.
 *
 * @returns Null of `any`, where a slot is 1 or 0: the guide's borders are of activations.
 */
export function gradeOf(
  measured: Measured,
  { good, warning }: { good: number; warning: number },
  position?: string | undefined,
): Grade | null {
  if (position === "any") return null;
  const better: Side = good > warning ? "above" : "below";
  const worse: Side = good > warning ? "below" : "above";
  if (sideOf(measured, good) === better) return "good";
  if (sideOf(measured, warning) === worse) return "warning";
  const isBetween = sideOf(measured, good) === worse && sideOf(measured, warning) === better;
  return isBetween ? "between" : "unclear";
}
