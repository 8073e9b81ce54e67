/**
 * What is found without the SAE that was trained? A random encoder of the same norms, the neurons of the
 * hidden state and the difference-of-means direction of each relation stand beside features of the SAE.
 *
 * @module
 */
import { nullRow } from "../results/layer_nulls.ts";
import type { NullSetName } from "../results/null_record.ts";
import type { BestTogether } from "./chosen_features.ts";
import { type GroupAuroc, groupAuroc, meanAuroc, meanDifference } from "./group_auroc.ts";
import { type Measured, missing } from "./measured.ts";
import { HALF_LACKS, type Halves, haveEveryGroup, ONE_GROUP } from "./questions.ts";
import type { Site } from "./site.ts";

/** What was found in a set. */
export interface NullFindings {
  /** Which. */
  readonly name: NullSetName;
  /** How many features it has. */
  readonly features: number;
  /** The share of activations above the threshold; null of directions. */
  readonly active: number | null;
  /** How many pairs of a relation and a feature were tested. */
  readonly tests: number;
  /** How many of them are discoveries, q being over the tests of this set at this site. */
  readonly discoveries: number;
  /** The share of the tests that are; null of none. */
  readonly discoveryShare: number | null;
  /** The mean over relations of the AUROC of the best feature on the half on which it was chosen. */
  readonly choosing: number | null;
  /** The same on the other half. */
  readonly auroc: Measured;
  /**
   * How far the SAE is above that: the same features of it for the random encoder, the best of all its
   * free features for the others; null of the SAE itself.
   */
  readonly lead: Measured | null;
  /** The best of each relation. */
  readonly best: readonly {
    readonly group: string;
    readonly feature: number | null;
    readonly turned: boolean;
    readonly choosing: number | null;
    readonly auroc: Measured;
  }[];
}

const NONE = "for one of the relations no feature is higher";

/** What was found in each set, the SAE's first; null if nothing was computed. */
export function nullFindings(
  { found }: Site,
  { byGroup: bestOfAll }: Pick<BestTogether, "byGroup">,
  halves: Halves,
): NullFindings[] | null {
  const { estimating } = halves;
  const { nulls, record: { activation_threshold, groups } } = found;
  if (nulls === undefined) return null;
  const aurocs = new Map(nulls.record.sets.map(({ name, best }) => {
    const threshold = name === "difference_of_means" ? undefined : activation_threshold;
    const of = best.map((each, group): GroupAuroc | null => {
      if (each.auroc_choosing === null) return null;
      const row = nullRow(nulls, name, group);
      return groupAuroc(estimating.at.map((i) => row[i]!), estimating, { group, threshold });
    });
    return [name, of] as const;
  }));
  const own = aurocs.get("sae")!;
  const none = groups.length < 2
    ? ONE_GROUP
    : haveEveryGroup(halves, groups.length)
    ? NONE
    : HALF_LACKS;
  return nulls.record.sets.map(({ name, best, features, active, tests, discoveries }) => {
    const each = aurocs.get(name)!;
    const chosen = best.map(({ auroc_choosing }) => auroc_choosing);
    return {
      name,
      features,
      active,
      tests,
      discoveries,
      discoveryShare: tests === 0 ? null : discoveries / tests,
      choosing: chosen.includes(null)
        ? null
        : chosen.reduce<number>((sum, value) => sum + value! / chosen.length, 0),
      auroc: meanAuroc(each, estimating, none).auroc,
      lead: name === "sae"
        ? null
        : meanDifference(name === "random_encoder" ? own : bestOfAll, each, estimating, none),
      best: best.map(({ group, feature, turned, auroc_choosing, reason }, k) => ({
        group,
        feature,
        turned,
        choosing: auroc_choosing,
        auroc: each[k]?.auroc ?? missing(reason ?? none),
      })),
    };
  });
}
