/**
 * Which layer is best for interventions? It is chosen on one half of the persons, and compared with the
 * runner-up on the other. It is not recommended if it does no better than chance there.
 *
 * @module
 */
import { meanOverGroups } from "../stats/mean_over_groups.ts";
import { inactive } from "../stats/estimated_auroc.ts";
import { LEAST_PERSONS } from "../stats/selectivity/selectivity.ts";
import { meanDifference } from "./group_auroc.ts";
import { type Measured, sideOf } from "./measured.ts";
import {
  HALF_LACKS,
  type Halves,
  hasEveryGroup,
  ONE_GROUP,
  type Part,
  type Questions,
} from "./questions.ts";
import type { SiteFindings } from "./site_findings.ts";
import { measuredMean, resamplesOf } from "./measured_mean.ts";

/** A layer among those that can be chosen. */
export interface LayerCandidate {
  /** The layer in words. */
  readonly name: string;
  /** What layers are compared by, on the half on which one is chosen. */
  readonly choosing: number;
  /** The same on the other half. */
  readonly estimated: Measured;
  /** That of the recommended layer less this one's, on the other half; null of the recommended. */
  readonly behind: Measured | null;
}

/** What number of a layer is none: own slots like the others, or features that tell nothing apart. */
const CHANCE = { gap: 0, auroc: 0.5 } as const;

/** The layer that is recommended. */
export interface LayerChoice {
  /** What layers are compared by. */
  readonly by: "gap" | "auroc";
  /** The layers, the one with the highest number on the choosing half first. */
  readonly candidates: readonly LayerCandidate[];
  /** Layers that are left out: they see the length alone. */
  readonly leftOut: readonly string[];
  /** Layers of which the interval of the difference from the recommended one holds 0. */
  readonly notToldApart: readonly string[];
  /** Why no layer is recommended; null if one is. */
  readonly reason: string | null;
}

/** Chooses a layer. */
export function chooseLayer(
  sites: readonly SiteFindings[],
  questions: Questions,
  halves: Halves,
): LayerChoice {
  const isControl = ({ seesLengthOnly }: SiteFindings) => seesLengthOnly === true;
  const others = sites.filter((site) => !isControl(site));
  const leftOut = sites.filter(isControl).map(({ name }) => name);
  const by = sites.some(({ gaps }) => gaps !== undefined) ? "gap" : "auroc";
  const nothing = (reason: string): LayerChoice => ({
    by,
    candidates: [],
    leftOut,
    notToldApart: [],
    reason,
  });
  const count = questions.groups.length;
  if (count < 2) return nothing(ONE_GROUP);
  const parts = [halves.choosing, halves.estimating];
  if (parts.some((part) => !hasEveryGroup(part, count))) {
    return nothing(HALF_LACKS);
  }
  const compared = by === "gap" ? byGap(others, count, halves) : byAuroc(others, halves.estimating);
  if (others.length < 2) return nothing("there are not two layers to choose from");
  if (compared.length < 2) return nothing(notCompared(by, others));
  const order = [...compared.keys()].sort((a, b) => compared[b]!.choosing - compared[a]!.choosing);
  const first = order[0]!;
  const candidates = order.map((k): LayerCandidate => {
    const { name, choosing, estimated, behind } = compared[k]!;
    return { name, choosing, estimated, behind: k === first ? null : behind(first) };
  });
  const isUnclear = ({ behind }: LayerCandidate) =>
    behind?.interval != null && sideOf(behind, 0) === "unclear";
  const notToldApart = candidates.filter(isUnclear).map(({ name }) => name);
  return { by, candidates, leftOut, notToldApart, reason: nothingThere(by, candidates[0]!) };
}

/** Why fewer than two of several layers can be compared. */
function notCompared(by: LayerChoice["by"], sites: readonly SiteFindings[]): string {
  if (by === "gap") {
    return "fewer than two layers have slots";
  }
  const reason = sites.find(({ best }) => best.influence === null)!.best.reason;
  return `at fewer than two layers the best free features can be taken together: ${reason}`;
}

/** Why the first layer is not recommended: on the other half, it is not above chance; null if it is. */
function nothingThere(by: LayerChoice["by"], { name, estimated }: LayerCandidate): string | null {
  // Without an interval its number is all there is, and it is said that it is.
  if (estimated.interval === null) return null;
  const side = sideOf(estimated, CHANCE[by]);
  if (side === "above") return null;
  const what = by === "gap"
    ? `the own slot's mean is ${side === "below" ? "below" : "above"} that of the others`
    : side === "below"
    ? "the best free features tell relations apart worse than chance"
    : "the best free features tell relations apart";
  return `on the estimating half, ${
    side === "below" ? "" : "nothing shows that "
  }${what} at ${name}, ` +
    "the first by the choosing half";
}

interface Compared {
  readonly name: string;
  readonly choosing: number;
  readonly estimated: Measured;
  /** How far it is behind another, which is named by its place among those that are compared. */
  readonly behind: (other: number) => Measured;
}

/** By the own slots' mean less that of the others. */
function byGap(
  sites: readonly SiteFindings[],
  groupCount: number,
  { choosing, estimating }: Halves,
): Compared[] {
  const resamples = resamplesOf(estimating);
  const known = sites.filter(({ gaps }) => gaps !== undefined);
  const gapOf = (site: number, question: number) => known[site]!.gaps![question]!;
  const measured = (values: number[], ...sites: number[]) => {
    // As in the table, on the half that the interval is of.
    const active = Math.max(...sites.map((site) => known[site]!.estimatingActive!));
    const reason = active < LEAST_PERSONS ? inactive(active, estimating.units) : undefined;
    return measuredMean(values, estimating, { groupCount, resamples, reason });
  };
  return known.map(({ name }, k) => ({
    name,
    choosing: meanOverGroups(choosing.at.map((i) => gapOf(k, i)), { ...choosing, groupCount })
      .estimate,
    estimated: measured(estimating.at.map((i) => gapOf(k, i)), k),
    behind: (other) => measured(estimating.at.map((i) => gapOf(other, i) - gapOf(k, i)), k, other),
  }));
}

/** Without slots: by the mean over relations of the best feature's AUROC. */
function byAuroc(sites: readonly SiteFindings[], part: Part): Compared[] {
  const known = sites.filter(({ best }) => best.influence !== null);
  return known.map(({ name, best: { choosing, auroc, byGroup } }) => ({
    name,
    choosing: choosing!,
    estimated: auroc,
    behind: (other) => meanDifference(known[other]!.best.byGroup, byGroup, part, "it has no mean"),
  }));
}
