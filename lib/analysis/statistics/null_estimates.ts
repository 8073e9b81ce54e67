/**
 * How well a feature that was chosen on one half of the persons tells a group apart on the other.
 *
 * @module
 */
import type { Asked } from "./selectivity_run.ts";
import type { NullBest } from "../../results/null_record.ts";
import { lackingHalf } from "../../results/lacking_half.ts";
import { auroc } from "../../stats/auroc.ts";
import { estimateAuroc, type Units } from "../../stats/estimated_auroc.ts";
import { wordingsOfGroups } from "../../stats/selectivity/wording_variances.ts";

/** The questions of one half of the persons. */
export interface Half {
  /** Their numbers among all. */
  readonly at: readonly number[];
  /** The group of each. */
  readonly groups: readonly number[];
  /** Whether each is in a group, group by group. */
  readonly inGroup: readonly (readonly boolean[])[];
  /** Whose each is, numbered anew; its own if that is not known. */
  readonly persons: readonly number[];
  /** The wording of each, a number for each group's own; undefined if they are not known. */
  readonly wordings: readonly number[] | undefined;
  /** What persons are, where reasons name them. */
  readonly units: Units;
}

/** Both halves. */
export type Halves = Readonly<Record<"choosing" | "estimating", Half>>;

/** Parts the questions of a run, once for all that is estimated of a site. */
export function halvesOf(asked: Asked): Halves {
  const { groups, groupCount, persons, wordingOf, isChoosing } = asked;
  const wordings = wordingOf && wordingsOfGroups({ groupOf: groups, groupCount }, wordingOf);
  const half = (wanted: number): Half => {
    const at = [...groups.keys()].filter((i) => isChoosing[i] === wanted);
    const own = at.map((i) => groups[i]!);
    return {
      at,
      groups: own,
      inGroup: Array.from({ length: groupCount }, (_, group) => own.map((each) => each === group)),
      persons: numbered(at.map((i) => persons?.[i] ?? i)),
      wordings: wordings && numbered(at.map((i) => wordings[i]!)),
      units: persons == null ? "questions" : "persons",
    };
  };
  return { choosing: half(1), estimating: half(0) };
}

/** What the best are chosen by. */
export interface About {
  /** Who was asked what. */
  readonly asked: Asked;
  /** The same, half by half. */
  readonly halves: Halves;
  /** An activation above it is active. */
  readonly threshold: number;
  /** The groups' keys. */
  readonly keys: readonly string[];
}

/** A feature that was chosen for a group, and its activations; null where there is none. */
export interface Chosen {
  /** Its number. */
  readonly feature: number | null;
  /** Whether its activations are turned round. */
  readonly turned: boolean;
  /** Its activations, for all questions. */
  readonly column: Float32Array<ArrayBuffer> | null;
}

/** What is written of a feature that was chosen. */
export function bestOf(
  { feature, turned, column }: Chosen,
  { halves: { choosing, estimating }, threshold, keys }: About,
  { group, isActivation }: { group: number; isActivation: boolean },
): NullBest {
  const key = keys[group]!;
  if (column === null) {
    const none = { auroc_choosing: null, auroc: null, auroc_low: null, auroc_high: null };
    const reason = lackingHalf(choosing.groups, group) ?? "no feature is higher for the relation";
    return { group: key, feature, turned, ...none, reason };
  }
  const { persons, wordings, units, inGroup } = estimating;
  const found = estimateAuroc(estimating.at.map((i) => column[i]!), {
    inGroup: inGroup[group]!,
    persons,
    wordings,
    units,
    threshold: isActivation ? threshold : undefined,
  });
  const before = auroc(choosing.at.map((i) => column[i]!), choosing.inGroup[group]!);
  return {
    group: key,
    feature,
    turned,
    auroc_choosing: before.auroc,
    auroc: found.auroc,
    auroc_low: found.interval?.[0] ?? null,
    auroc_high: found.interval?.[1] ?? null,
    reason: found.reason,
  };
}

function numbered(names: readonly number[]): number[] {
  const numbers = new Map<number, number>();
  return names.map((name) => numbers.getOrInsert(name, numbers.size));
}
