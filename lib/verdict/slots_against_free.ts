/**
 * Do the slots do better than equally many free features? These are chosen on one half of the persons;
 * both are estimated on the other.
 *
 * @module
 */
import { pseudoSlots } from "../results/pseudo_slots.ts";
import { auroc } from "../stats/auroc.ts";
import { differenceOf, groupAuroc, meanAuroc, meanDifference } from "./group_auroc.ts";
import { type Measured, missing } from "./measured.ts";
import { type Halves, noneChosen, ONE_GROUP, type Part } from "./questions.ts";
import { chosenFor, column, type Site } from "./site.ts";

/** A relation's slot beside the free feature in its place. */
export interface SlotAgainstFree {
  /** The relation. */
  readonly group: string;
  /** The slot's AUROC on the half on which free features are chosen; the slot is not chosen. */
  readonly slotChoosing: number | null;
  /** The slot's AUROC on the other half. */
  readonly slot: Measured;
  /** The free feature; null if none is higher for the relation, or all of them stand for others. */
  readonly feature: number | null;
  /** Its AUROC on the half on which it was chosen. */
  readonly freeChoosing: number | null;
  /** Its AUROC on the other half. */
  readonly free: Measured;
  /** The slot's AUROC less the free feature's, on the other half. */
  readonly difference: Measured;
}

/** Slots beside as many free features. */
export interface SlotsAgainstFree {
  /** Relation by relation. */
  readonly byGroup: readonly SlotAgainstFree[];
  /** The mean over the relations of the slots' AUROC, of the free features', and the difference. */
  readonly mean: {
    readonly slots: Measured;
    readonly free: Measured;
    readonly difference: Measured;
  };
}

/** The slots of a site beside as many free features, a different one for each relation. */
export function slotsAgainstFree(
  site: Site,
  { choosing, estimating }: Halves,
): SlotsAgainstFree {
  const { groups, activation_threshold: threshold } = site.found.record;
  const isAlone = groups.length < 2;
  const empty = isAlone ? ONE_GROUP : EMPTY;
  const features = pseudoSlots(site.found, site.freeCount);
  const none = (group: number) => {
    if (isAlone) return ONE_GROUP;
    return chosenFor(site, group).length > 0 ? TAKEN : noneChosen(choosing, group);
  };
  const aurocOf = (feature: number, group: number) =>
    groupAuroc(column(site, feature, estimating), estimating, { group, threshold });
  const slots = groups.map((_, group) => aurocOf(site.freeCount + site.slots[group]!, group));
  const free = groups.map((_, group) => {
    const feature = features.get(group);
    return feature === undefined ? null : aurocOf(feature, group);
  });
  const byGroup = groups.map(({ key }, group): SlotAgainstFree => {
    const feature = features.get(group) ?? null;
    const [slot, other] = [slots[group]!, free[group]!];
    return {
      group: key,
      slotChoosing: aurocIn(site, site.freeCount + site.slots[group]!, choosing, group),
      slot: slot?.auroc ?? missing(empty),
      feature,
      freeChoosing: feature === null ? null : aurocIn(site, feature, choosing, group),
      free: other?.auroc ?? missing(feature === null ? none(group) : empty),
      difference: slot === null || other === null
        ? missing(feature === null ? none(group) : empty)
        : differenceOf(slot, other, estimating, group),
    };
  });
  const without = groups.findIndex((_, group) => !features.has(group));
  const lacking = without === -1 ? empty : none(without);
  return {
    byGroup,
    mean: {
      slots: meanAuroc(slots, estimating, empty).auroc,
      free: meanAuroc(free, estimating, lacking).auroc,
      difference: meanDifference(slots, free, estimating, lacking),
    },
  };
}

const TAKEN = "every listed free feature that is higher for the relation stands for another";
const EMPTY = "a relation has no question in this half";

function aurocIn(site: Site, feature: number, part: Part, group: number): number | null {
  return auroc(column(site, feature, part), part.groups.map((each) => each === group)).auroc;
}
