/**
 * How well one feature tells a group apart on some of the questions: an AUROC, how sure it is, and who
 * has how much to do with it.
 *
 * @module
 */
import { aurocInterval } from "../stats/auroc_interval.ts";
import { clusteredVariance } from "../stats/clustered_variance.ts";
import { personInfluences } from "../stats/person_influence.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import type { Interval } from "../stats/wilson.ts";
import { type LayerSelectivity, QUESTION_FIELDS } from "./selectivity_files.ts";

/** A feature of a group, on some of the questions. */
export interface FeatureEstimate {
  /** The feature's number. */
  readonly feature: number;
  /** Its AUROC; null if a side is empty. */
  readonly auroc: number | null;
  /** The 95 % interval over persons; null with too few of them, or if the feature is constant. */
  readonly interval: Interval | null;
  /** The variance of the AUROC; null where there is no interval. */
  readonly variance: number | null;
  /** How many persons the interval is over, on the side that has fewer. */
  readonly persons: number;
  /** The influence of each person on the AUROC, by the person's number. */
  readonly influences: ReadonlyMap<number, number>;
}

/** On which questions a feature is estimated: those of one half, or all. */
export type Questions = "estimating" | "all";

/**
 * Estimates a feature whose activations were kept.
 *
 * @throws {RangeError} If they were not.
 */
export function estimateFeature(
  { record, activations, questions }: LayerSelectivity,
  { feature, group, on, without }: {
    feature: number;
    group: number;
    on: Questions;
    /** Persons, by their numbers, whose questions are left out. Default: none. */
    without?: ReadonlySet<number> | undefined;
  },
): FeatureEstimate {
  const row = record.listed.indexOf(feature);
  if (row === -1) {
    throw new RangeError(`Cannot estimate feature ${feature}: its activations were not kept`);
  }
  const width = QUESTION_FIELDS.length;
  const count = questions.length / width;
  const field = (name: typeof QUESTION_FIELDS[number], i: number) =>
    questions[i * width + QUESTION_FIELDS.indexOf(name)]!;
  const kept = [...Array(count).keys()].filter((i) =>
    (on === "all" || field("choosing", i) === 0) && !without?.has(field("person", i))
  );
  const values = kept.map((i) => activations[row * count + i]!);
  const inGroup = kept.map((i) => field("group", i) === group);
  const persons = kept.map((i) => record.persons === null ? i : field("person", i));
  const found = clusteredVariance(values, { inGroup, persons });
  const active = new Set(
    persons.filter((_, i) => inGroup[i] && values[i]! > record.activation_threshold),
  );
  const smaller = found === null ? 0 : Math.min(found.i10, found.i01);
  const isSure = found !== null && Math.min(smaller, active.size) >= LEAST_PERSONS;
  return {
    feature,
    auroc: found?.auroc ?? null,
    interval: isSure ? aurocInterval(found) : null,
    variance: isSure && !found.isConstant ? found.variance : null,
    persons: smaller,
    influences: personInfluences(values, { inGroup, persons }),
  };
}

/**
 * The feature that is chosen for a group: of those whose activations were kept, the one with the
 * greatest AUROC on the choosing half.
 *
 * @param end The feature before which to stop: slots are not chosen.
 * @param among If given, only these are looked at.
 * @returns Undefined if there is none.
 */
export function chooseFeature(
  { record, measures }: Pick<LayerSelectivity, "record" | "measures">,
  { group, end, among }: { group: number; end: number; among?: ReadonlySet<number> | undefined },
): number | undefined {
  let chosen: number | undefined;
  const scoreOf = (feature: number) =>
    measures.auroc_choosing[group * record.n_features + feature]!;
  for (const feature of record.listed) {
    if (feature >= end || Number.isNaN(scoreOf(feature)) || among?.has(feature) === false) continue;
    if (chosen === undefined || scoreOf(feature) > scoreOf(chosen)) chosen = feature;
  }
  return chosen;
}
