/**
 * What stands in the place of slots where an SAE has none: a feature of its own for each relation.
 *
 * @module
 */
import { activationThreshold } from "../stats/activation_threshold.ts";
import { assignApart, type Candidate } from "../stats/assigned_apart.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { type LayerSelectivity, QUESTION_FIELDS } from "./selectivity_files.ts";

/**
 * Chooses a free feature for each group on the choosing half of the persons, a different one for each:
 * those with the highest AUROC first. Features that fewer than ten persons of that half have active in
 * the group would have no interval: they are passed over, unless all are such.
 *
 * @param end The feature before which to stop: slots are not chosen.
 * @returns The feature of each group, by the group's number in order; none where no feature whose
 * activations were kept is higher for it, or all of them stand for other groups.
 */
export function pseudoSlots(selectivity: LayerSelectivity, end: number): Map<number, number> {
  const { groups } = selectivity.record;
  return assignApart(groups.flatMap((_, group) => candidatesFor(selectivity, { group, end })));
}

function candidatesFor(
  selectivity: LayerSelectivity,
  { group, end }: { group: number; end: number },
): Candidate[] {
  const { measures, record: { listed, n_features } } = selectivity;
  const scoreOf = (feature: number) => measures.auroc_choosing[group * n_features + feature]!;
  const higher = listed.filter((feature) => feature < end && scoreOf(feature) > 0.5);
  const active = higher.filter((feature) =>
    personsActive(selectivity, { group, feature }) >= LEAST_PERSONS
  );
  return (active.length > 0 ? active : higher)
    .map((feature) => ({ group, feature, auroc: scoreOf(feature) }));
}

/** How many persons of the choosing half have a feature active in a group. */
function personsActive(
  { record: { listed, activation_threshold, persons }, activations, questions }: LayerSelectivity,
  { group, feature }: { group: number; feature: number },
): number {
  const width = QUESTION_FIELDS.length;
  const count = questions.length / width;
  const row = listed.indexOf(feature);
  const active = new Set<number>();
  const border = activationThreshold(activation_threshold);
  for (let i = 0; i < count; i++) {
    const [of, person, , , choosing] = questions.subarray(i * width, (i + 1) * width);
    if (of !== group || choosing !== 1) continue;
    if (activations[row * count + i]! > border) {
      active.add(persons === null ? i : person!);
    }
  }
  return active.size;
}
