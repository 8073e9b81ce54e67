/**
 * Do the slots do better than equally many free features? These are chosen on one half of the persons;
 * both are estimated on the other.
 *
 * @module
 */
import { auroc } from "../stats/auroc.ts";
import { aurocInfluence, type Influence, sumInfluences } from "../stats/auroc_influence.ts";
import { differenceInterval } from "../stats/difference_interval.ts";
import {
  isStill,
  lackingIn,
  meanOfIntervals,
  type Measured,
  measuredAuroc,
  measuredInfluence,
  measuredMeanAuroc,
  missing,
  sure,
} from "./measured.ts";
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
  const features = assign(site, choosing);
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
    const slot = measured(slotFeature);
    const free = feature === null ? missing(NONE) : measured(feature);
    return {
      group: key,
      slotChoosing: aurocIn(site, slotFeature, choosing, group),
      slot,
      feature,
      freeChoosing: feature === null ? null : aurocIn(site, feature, choosing, group),
      free,
      difference: difference(both, { slot, free }, estimating),
    };
  });
  return { byGroup, mean: meansOf(influences, byGroup, estimating) };
}

const NONE = "no listed free feature is higher for the relation";

/** The mean over relations of slots, free features and their difference. */
function meansOf(
  influences: readonly { slot: Influence | null; free: Influence | null }[],
  byGroup: readonly SlotAgainstFree[],
  part: Part,
): SlotsAgainstFree["mean"] {
  const share = 1 / influences.length;
  const mean = (of: readonly (Influence | null)[]) =>
    of.includes(null) ? null : sumInfluences(of.map((each) => [share, each!] as const));
  const slots = mean(influences.map(({ slot }) => slot));
  const free = mean(influences.map(({ free }) => free));
  const [lackingSlot, lackingFree] = [
    lackingIn(byGroup.map(({ slot }) => slot)),
    lackingIn(byGroup.map(({ free }) => free)),
  ];
  const meanAuroc = (of: Influence, name: "slot" | "free", reason: string | undefined) =>
    reason === undefined && influences.some((each) => isStill(each[name]!))
      ? meanOfIntervals(of.estimate, byGroup.map((each) => each[name]))
      : measuredMeanAuroc(of, part, reason);
  const reason = lackingSlot ?? lackingFree;
  return {
    slots: slots === null
      ? missing("a relation has no question in this half")
      : meanAuroc(slots, "slot", lackingSlot),
    free: free === null ? missing(NONE) : meanAuroc(free, "free", lackingFree),
    difference: meanDifference({ slots, free }, { influences, byGroup, reason }, part),
  };
}

/** The mean over relations of slot less free feature. */
function meanDifference(
  { slots, free }: { slots: Influence | null; free: Influence | null },
  { influences, byGroup, reason }: {
    influences: readonly { slot: Influence | null; free: Influence | null }[];
    byGroup: readonly SlotAgainstFree[];
    reason: string | undefined;
  },
  part: Part,
): Measured {
  if (slots === null || free === null) return missing(NONE);
  const both = sumInfluences([[1, slots], [-1, free]]);
  const hasStill = influences.some((each) => isStill(each.slot!) || isStill(each.free!));
  return reason === undefined && hasStill
    ? meanOfIntervals(both.estimate, byGroup.map(({ difference }) => difference))
    : measuredInfluence(both, part, reason);
}

function difference(
  { slot, free }: { slot: Influence | null; free: Influence | null },
  each: { slot: Measured; free: Measured },
  part: Part,
): Measured {
  if (slot === null || free === null) return missing(NONE);
  const reason = each.slot.reason ?? each.free.reason ?? undefined;
  const both = sumInfluences([[1, slot], [-1, free]]);
  if (reason !== undefined || ![slot, free].some(isStill)) {
    return measuredInfluence(both, part, reason);
  }
  return sure(
    both.estimate,
    differenceInterval(
      { estimate: free.estimate, interval: each.free.interval! },
      { estimate: slot.estimate, interval: each.slot.interval! },
      0,
    ),
  );
}

/** The best pairs of a relation and a free feature first; no feature stands for two relations. */
function assign(site: Site, choosing: Part): Map<number, number> {
  const pairs = site.found.record.groups.map((_, group) =>
    chosenFor(site, group, choosing).map(({ feature, auroc }) => ({ group, feature, auroc }))
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
