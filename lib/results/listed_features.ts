/**
 * The features of a layer that tell a group apart best: chosen on one half of the persons, estimated on
 * the other.
 *
 * @module
 */
import { auroc } from "../stats/auroc.ts";
import { aurocByWording } from "../stats/auroc_by_wording.ts";
import { benjaminiHochberg } from "../stats/benjamini_hochberg.ts";
import { bootstrapT, drawPersons } from "../stats/bootstrap_t.ts";
import type { PersonSums } from "../stats/clustered_mean.ts";
import { crossedIntervals } from "../stats/crossed_intervals.ts";
import { estimateAuroc } from "../stats/estimated_auroc.ts";
import { personSums } from "../stats/person_sums.ts";
import { personsActive } from "../stats/persons_active.ts";
import { clusteredVariance } from "../stats/clustered_variance.ts";
import { rankSumTail } from "../stats/rank_sum_tail.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { topFeatures } from "../stats/top_features.ts";
import type { Interval } from "../stats/wilson.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";
import { askedQuestions } from "./asked_questions.ts";
import { LISTED_PER_GROUP } from "./selectivity_record.ts";

/** A feature of a group. */
export interface ListedFeature {
  /** Its number. */
  readonly feature: number;
  /** Its AUROC on the half on which it was chosen: too far from ½, for it was chosen by it. */
  readonly aurocChoosing: number;
  /** Its AUROC on the other half; null if a side is empty. */
  readonly auroc: number | null;
  /** The 95 % interval of that; null with too few persons, or if the feature is constant. */
  readonly interval: Interval | null;
  /** Why there is no AUROC or no interval; null if both are there. */
  readonly reason: string | null;
  /** log10 of its p on that half; null if a side is empty. */
  readonly log10P: number | null;
  /** log10 of its q among the features listed with it. */
  readonly log10Q: number | null;
  /** The difference of means on that half. */
  readonly difference: number | null;
  /** The symmetric bootstrap-t interval of that; with many wordings, a t interval over both. */
  readonly differenceInterval: Interval | null;
  /** The AUROC of each wording of the group, by its name, on that half. */
  readonly byWording: Readonly<Record<string, number | null>>;
}

/** What is listed. */
export interface ListOptions {
  /** The number of the group, in order. */
  readonly group: number;
  /** How many features at most; more than are kept of each group are never listed. */
  readonly top: number;
  /** The number of the one group that it is compared with. Default: all others together. */
  readonly against?: number | undefined;
}

/** The seed of the resamples. */
const SEED = 1;

/**
 * Lists features of a group, the farthest from ½ on the choosing half first; of equal ones, the lower.
 * Only features whose activations were kept can be listed: some fifty of each group, and the slots.
 * Those kept for another group are not the next best of this one, so that no list is longer than what
 * is kept of a group.
 */
export function listFeatures(
  site: LayerSelectivity,
  { group, top, against }: ListOptions,
): ListedFeature[] {
  const asked = askedQuestions(site);
  const isCompared = (i: number) =>
    against === undefined || asked.group[i] === group || asked.group[i] === against;
  const at = (choosing: number) =>
    [...asked.group.keys()].filter((i) => asked.choosing[i] === choosing && isCompared(i));
  const [choosing, estimating] = [at(1), at(0)];
  const count = asked.group.length;
  const { listed } = site.record;
  const inGroup = (questions: readonly number[]) => questions.map((i) => asked.group[i] === group);
  const column = (row: number, questions: readonly number[]) =>
    questions.map((i) => site.activations[row * count + i]!);
  const ranked = listed.map((_, row) => auroc(column(row, choosing), inGroup(choosing)));
  // Whole numbers: .7 is as far from ½ as .3, which their difference from it in float64 is not.
  const distances = ranked.map(({ uDoubled, nIn, nOut }) => Math.abs(uDoubled - nIn * nOut));
  const rows = topFeatures(distances, Math.min(top, LISTED_PER_GROUP)).filter((row) =>
    distances[row]! > 0
  );

  const persons = site.record.persons === null
    ? estimating.map((_, i) => i)
    : numbered(estimating.map((i) => asked.person[i]!));
  // A wording is a group's own.
  const wordings = site.record.wordings === null ? undefined : numbered(
    estimating.map((i) => asked.group[i]! * site.record.wordings!.length + asked.wording[i]!),
  );
  const resamples = drawPersons(Math.max(0, ...persons.map((person) => person + 1)), {
    seed: SEED,
  });
  const found = rows.map((row): ListedFeature => {
    const values = column(row, estimating);
    const isIn = inGroup(estimating);
    const clusters = clusteredVariance(values, { inGroup: isIn, persons });
    const crossed = wordings && crossedIntervals(values, { inGroup: isIn, persons, wordings });
    const { activation_threshold: threshold } = site.record;
    const units = site.record.persons === null ? "questions" : "persons";
    const estimated = estimateAuroc(values, { inGroup: isIn, persons, wordings, threshold, units });
    const ofGroup = (each: readonly number[]) => each.filter((_, i) => isIn[i]);
    const active = personsActive(ofGroup(values), ofGroup(persons), threshold);
    const isSure = clusters !== null && Math.min(clusters.i10, clusters.i01) >= LEAST_PERSONS &&
      active >= LEAST_PERSONS;
    const known = site.record.persons === null ? undefined : persons;
    const groups = isIn.map((each) => each ? 0 : 1);
    // Against all others, the blocks are those of each of them.
    const blocks = against === undefined ? estimating.map((i) => asked.group[i]!) : groups;
    const which = against === undefined ? group : 0;
    const sums = personSums(values, isIn, persons);
    const bootstrap = isSure && !crossed ? bootstrapT(sums, "difference", resamples) : null;
    return {
      feature: listed[row]!,
      aurocChoosing: ranked[row]!.auroc!,
      auroc: estimated.auroc,
      interval: estimated.interval,
      reason: estimated.reason,
      log10P: rankSumTail(values, { groups: blocks, persons: known, group: which })?.log10P ?? null,
      log10Q: null,
      difference: clusters === null ? null : differenceOf(sums),
      differenceInterval: (isSure ? crossed?.difference : null) ?? bootstrap?.interval ?? null,
      byWording: aurocByWording(values, {
        inGroup: isIn,
        wordings: estimating.map((i) => asked.wording[i]!),
        names: site.record.wordings,
      }),
    };
  });
  const q = benjaminiHochberg(found.map(({ log10P }) => log10P));
  return found.map((each, i) => ({ ...each, log10Q: q[i]! }));
}

function numbered(persons: readonly number[]): number[] {
  const numbers = new Map<number, number>();
  return persons.map((person) => numbers.getOrInsert(person, numbers.size));
}

function differenceOf({ sumIn, nIn, sumOut, nOut }: Record<keyof PersonSums, number[]>): number {
  const total = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0);
  return total(sumIn) / total(nIn) - total(sumOut) / total(nOut);
}
