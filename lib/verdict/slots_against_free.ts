/**
 * Do the slots do better than equally many free features? These are chosen on one half of the persons;
 * both are estimated on the other.
 *
 * @module
 */
import { auroc } from "../stats/auroc.ts";
import { aurocInfluence, type Influence, sumInfluences } from "../stats/auroc_influence.ts";
import { type Measured, measuredAuroc, measuredInfluence, missing } from "./measured.ts";
import type { Halves, Part } from "./questions.ts";
import { chosenFor, column, type Site } from "./site.ts";

/** A relation's slot beside the free feature in its place. */
export interface SlotAgainstFree {
  /** The relation. */
  readonly group: string;
  /** The slot's AUROC on the half on which free features are chosen; the slot is not chosen. */
  readonly slotChoosing: number | null;
  /** The slot's AUROC on the other half. */
  readonly slot: Measured;
  /** The free feature; null if none is higher for the relation. */
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
  const features = assign(site, groups.length);
  const influences: { slot: Influence | null; free: Influence | null }[] = [];
  const byGroup = groups.map(({ key }, group): SlotAgainstFree => {
    const slotFeature = site.freeCount + site.slots[group]!;
    const feature = features.get(group) ?? null;
    const measured = (of: number) =>
      measuredAuroc(column(site, of, estimating), estimating, { group, threshold });
    const influence = (of: number) => influenceOf(site, of, estimating, group);
    const both = {
      slot: influence(slotFeature),
      free: feature === null ? null : influence(feature),
    };
    influences.push(both);
    return {
      group: key,
      slotChoosing: aurocIn(site, slotFeature, choosing, group),
      slot: measured(slotFeature),
      feature,
      freeChoosing: feature === null ? null : aurocIn(site, feature, choosing, group),
      free: feature === null ? missing(NONE) : measured(feature),
      difference: difference(both, estimating),
    };
  });
  return { byGroup, mean: meansOf(influences, estimating) };
}

const NONE = "no listed free feature is higher for the relation";

/** The mean over relations of slots, free features and their difference. */
function meansOf(
  influences: readonly { slot: Influence | null; free: Influence | null }[],
  part: Part,
): SlotsAgainstFree["mean"] {
  const share = 1 / influences.length;
  const mean = (of: readonly (Influence | null)[], reason: string) =>
    of.includes(null) ? undefined : {
      influence: sumInfluences(of.map((each) => [share, each!] as const)),
      reason,
    };
  const slots = mean(influences.map(({ slot }) => slot), "");
  const free = mean(influences.map(({ free }) => free), "");
  const shown = (found: typeof slots, reason: string) =>
    found === undefined ? missing(reason) : measuredInfluence(found.influence, part);
  return {
    slots: shown(slots, "a relation has no question in this half"),
    free: shown(free, NONE),
    difference: slots === undefined || free === undefined
      ? missing(NONE)
      : measuredInfluence(sumInfluences([[1, slots.influence], [-1, free.influence]]), part),
  };
}

function difference(
  { slot, free }: { slot: Influence | null; free: Influence | null },
  part: Part,
): Measured {
  if (slot === null || free === null) return missing(NONE);
  return measuredInfluence(sumInfluences([[1, slot], [-1, free]]), part);
}

/** The best pairs of a relation and a free feature first; no feature stands for two relations. */
function assign(site: Site, groupCount: number): Map<number, number> {
  const pairs = Array.from(
    { length: groupCount },
    (_, group) => chosenFor(site, group).map(({ feature, auroc }) => ({ group, feature, auroc })),
  ).flat();
  pairs.sort((a, b) => b.auroc - a.auroc || a.group - b.group || a.feature - b.feature);
  const features = new Map<number, number>();
  const taken = new Set<number>();
  for (const { group, feature } of pairs) {
    if (features.has(group) || taken.has(feature)) continue;
    features.set(group, feature);
    taken.add(feature);
  }
  return features;
}

function influenceOf(site: Site, feature: number, part: Part, group: number): Influence | null {
  const inGroup = part.groups.map((each) => each === group);
  return aurocInfluence(column(site, feature, part), { ...part, inGroup });
}

function aurocIn(site: Site, feature: number, part: Part, group: number): number | null {
  return auroc(column(site, feature, part), part.groups.map((each) => each === group)).auroc;
}
