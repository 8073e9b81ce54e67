/**
 * The best features of a group at a layer, chosen on one half of the persons.
 *
 * @module
 */
import { type HigherFeature, higherFeatures } from "../stats/higher_features.ts";
import { personsActive } from "../stats/persons_active.ts";
import { askedQuestions } from "./asked_questions.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";

/** Of which features the best are chosen. */
export interface BestOptions {
  /** The number of the group, in order. */
  readonly group: number;
  /** The feature before which to stop: slots are not chosen. */
  readonly end: number;
  /** If given, only these are looked at. */
  readonly among?: ReadonlySet<number> | undefined;
}

/**
 * The features that are higher for a group on the choosing half, of those whose activations were kept,
 * the best first. Features that fewer than ten persons of that half have active in the group are passed
 * over, unless all are such. Where persons are not known, each question counts as one.
 */
export function bestFeatures(
  { record, measures, activations, questions }: LayerSelectivity,
  { group, end, among }: BestOptions,
): Generator<HigherFeature, void, undefined> {
  const { listed, n_features, persons, activation_threshold: threshold } = record;
  const asked = askedQuestions({ questions });
  const count = asked.group.length;
  const at = [...asked.group.keys()].filter((i) =>
    asked.group[i] === group && asked.choosing[i] === 1
  );
  const whose = persons === null ? at : at.map((i) => asked.person[i]!);
  const rows = new Map(listed.map((feature, row) => [feature, row]));
  return higherFeatures(
    listed.filter((feature) => feature < end && among?.has(feature) !== false),
    {
      aurocOf: (feature) => measures.auroc_choosing[group * n_features + feature]!,
      personsActive: (feature) => {
        const row = rows.get(feature)!;
        return personsActive(at.map((i) => activations[row * count + i]!), whose, threshold);
      },
    },
  );
}
