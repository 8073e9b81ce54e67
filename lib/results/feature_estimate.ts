/**
 * How well one feature tells a group apart on some of the questions: an AUROC, how sure it is, and who
 * has how much to do with it.
 *
 * @module
 */
import { aurocByWording } from "../stats/auroc_by_wording.ts";
import { estimateAuroc, type EstimatedAuroc } from "../stats/estimated_auroc.ts";
import { personInfluences } from "../stats/person_influence.ts";
import { type LayerSelectivity, QUESTION_FIELDS } from "./selectivity_files.ts";

/** A feature of a group, on some of the questions. */
export interface FeatureEstimate extends EstimatedAuroc {
  /** The feature's number. */
  readonly feature: number;
  /** The influence of each question on the AUROC, by the question's number: they sum to 0. */
  readonly influences: ReadonlyMap<number, number>;
}

/** On which questions a feature is estimated: those of one half, or all. */
export type Questions = "estimating" | "all";

/** What is estimated, on which questions. */
export interface FeatureOptions {
  /** The feature's number. */
  readonly feature: number;
  /** The number of the group, in order. */
  readonly group: number;
  /** On which questions. */
  readonly on: Questions;
  /** Persons, by their numbers, whose questions are left out. Default: none. */
  readonly without?: ReadonlySet<number> | undefined;
}

/**
 * The AUROC of a feature whose activations were kept, and how sure it is.
 *
 * @throws {RangeError} If they were not.
 */
export function featureAuroc(
  selectivity: LayerSelectivity,
  options: FeatureOptions,
): EstimatedAuroc {
  return aurocOf(selectivity.record, askedOf(selectivity, options));
}

/**
 * Estimates a feature whose activations were kept.
 *
 * @throws {RangeError} If they were not.
 */
export function estimateFeature(
  selectivity: LayerSelectivity,
  options: FeatureOptions,
): FeatureEstimate {
  const asked = askedOf(selectivity, options);
  const { values, inGroup, kept } = asked;
  const influences = personInfluences(values, { inGroup, persons: kept });
  return { ...aurocOf(selectivity.record, asked), feature: options.feature, influences };
}

function aurocOf(
  { persons, wordings: names, activation_threshold: threshold }: LayerSelectivity["record"],
  { kept, values, inGroup, field }: ReturnType<typeof askedOf>,
): EstimatedAuroc {
  return estimateAuroc(values, {
    inGroup,
    persons: kept.map((i) => persons === null ? i : field("person", i)),
    // A wording is a group's own.
    wordings: names === null
      ? undefined
      : kept.map((i) => field("group", i) * names.length + field("wording", i)),
    units: persons === null ? "questions" : "persons",
    threshold,
  });
}

/**
 * The AUROC of each wording of the group, by its name; empty if wordings are not known.
 *
 * @throws {RangeError} If the feature's activations were not kept.
 */
export function featureByWording(
  selectivity: LayerSelectivity,
  options: FeatureOptions,
): Record<string, number | null> {
  const { kept, values, inGroup, field } = askedOf(selectivity, options);
  const wordings = kept.map((i) => field("wording", i));
  return aurocByWording(values, { inGroup, wordings, names: selectivity.record.wordings });
}

type QuestionField = typeof QUESTION_FIELDS[number];
/** How many numbers there are of each question, and where each stands. */
const WIDTH = QUESTION_FIELDS.length;
const PLACES = Object.fromEntries(QUESTION_FIELDS.map((name, place) => [name, place])) as Record<
  QuestionField,
  number
>;

/** The questions on which a feature is estimated, and its activations. */
function askedOf(
  { record, activations, questions }: LayerSelectivity,
  { feature, group, on, without }: FeatureOptions,
) {
  const row = record.listed.indexOf(feature);
  if (row === -1) {
    throw new RangeError(`Cannot estimate feature ${feature}: its activations were not kept`);
  }
  const count = questions.length / WIDTH;
  const field = (name: QuestionField, i: number) => questions[i * WIDTH + PLACES[name]]!;
  const kept: number[] = [];
  for (let i = 0; i < count; i++) {
    if (on === "estimating" && field("choosing", i) !== 0) continue;
    if (without?.has(field("person", i)) !== true) kept.push(i);
  }
  return {
    kept,
    field,
    values: kept.map((i) => activations[row * count + i]!),
    inGroup: kept.map((i) => field("group", i) === group),
  };
}
