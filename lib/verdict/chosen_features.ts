/**
 * Which features encode each relation? The strongest are chosen on one half of the persons and
 * estimated on the other.
 *
 * @module
 */
import { isDiscovery } from "../results/discovery.ts";
import { type GroupAuroc, groupAuroc, type MeanAuroc, meanAuroc } from "./group_auroc.ts";
import { type Measured, measuredAuroc } from "./measured.ts";
import { HALF_LACKS, type Halves, haveEveryGroup } from "./questions.ts";
import { cell, chosenFor, column, type Site } from "./site.ts";
import { type WordingAurocs, wordingAurocs } from "./wordings.ts";

/** How many features of each relation a verdict names. */
const NAMED = 3;

/** A free feature that was chosen for a relation. */
export interface ChosenFeature {
  /** Its number. */
  readonly feature: number;
  /** Its AUROC on the half on which it was chosen: in part luck. */
  readonly choosing: number;
  /** Its AUROC on the other half. */
  readonly auroc: Measured;
  /** The same wording by wording. */
  readonly byWording: WordingAurocs;
}

/** What encodes a relation at a site. */
export interface Encoding {
  /** The relation. */
  readonly group: string;
  /** How many features, slots among them, are discoveries and higher for the relation. */
  readonly higher: number;
  /** How many are discoveries and lower for it. */
  readonly lower: number;
  /** The free features with the highest AUROC, the first the best. */
  readonly best: readonly ChosenFeature[];
}

/** What encodes each relation at a site. */
export function encodingsOf(site: Site, { estimating }: Halves): Encoding[] {
  const { groups, n_features, activation_threshold: threshold } = site.found.record;
  return groups.map(({ key }, group) => {
    let [higher, lower] = [0, 0];
    for (let feature = 0; feature < n_features; feature++) {
      const at = cell(site, group, feature);
      if (!isDiscovery(site.found, at)) continue;
      if (site.found.measures.auroc[at]! > 0.5) higher++;
      else lower++;
    }
    const best = chosenFor(site, group).slice(0, NAMED).map(({ feature, auroc }) => {
      const values = column(site, feature, estimating);
      return {
        feature,
        choosing: auroc,
        auroc: measuredAuroc(values, estimating, { group, threshold }),
        byWording: wordingAurocs(site, values, { part: estimating, group }),
      };
    });
    return { group: key, higher, lower, best };
  });
}

/** Why best features are not taken together where both halves have all relations. */
export const NONE_HIGHER = "a relation has no listed free feature that is higher for it";

/** What a site's best features do together. */
export interface BestTogether extends MeanAuroc {
  /** The mean over relations of the best feature's AUROC on the half on which it was chosen. */
  readonly choosing: number | null;
  /** Each relation's own; null where it does not exist. */
  readonly byGroup: readonly (GroupAuroc | null)[];
}

/** The best feature of each relation, taken together. */
export function bestTogether(
  site: Site,
  encodings: readonly Encoding[],
  halves: Halves,
): BestTogether {
  const part = halves.estimating;
  const { activation_threshold: threshold } = site.found.record;
  const byGroup = encodings.map(({ best }, group) =>
    best.length === 0
      ? null
      : groupAuroc(column(site, best[0]!.feature, part), part, { group, threshold })
  );
  const hasAll = haveEveryGroup(halves, encodings.length);
  const mean = meanAuroc(byGroup, part, hasAll ? NONE_HIGHER : HALF_LACKS);
  const share = 1 / encodings.length;
  const choosing = mean.influence === null
    ? null
    : encodings.reduce((sum, { best }) => sum + share * best[0]!.choosing, 0);
  return { ...mean, choosing, byGroup };
}
