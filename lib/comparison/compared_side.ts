/**
 * One side of a comparison: what a run comes to for a relation, and for the mean over relations, with
 * influences by the names that both runs know.
 *
 * @module
 */
import { logitInterval } from "../stats/auroc_interval.ts";
import { doWordingsAgree } from "../stats/auroc_by_wording.ts";
import {
  type ClusterInfluences,
  clusterInfluences,
  influenceVariance,
  meanInfluences,
} from "../stats/cluster_influences.ts";
import type { EstimatedAuroc } from "../stats/estimated_auroc.ts";
import type { Interval } from "../stats/wilson.ts";
import {
  estimateFeature,
  featureByWording,
  type FeatureOptions,
} from "../results/feature_estimate.ts";
import { askedQuestions } from "../results/asked_questions.ts";
import type { LayerSelectivity } from "../results/selectivity_files.ts";

/** A layer of a run. */
export interface ComparedSite {
  /** Its statistics. */
  readonly selectivity: LayerSelectivity;
  /** How many free features there are; slots come after them. */
  readonly freeCount: number;
  /** What the SAE is made of: the same feature is the same only in the same SAE. */
  readonly sae: string;
  /**
   * The SHA-256 of the question file: wordings go by numbers, which are the same wordings only in the same
   * file. Undefined if it is not known.
   */
  readonly questionFile?: string | undefined;
  /** Where in a prompt features are read; undefined: at the last token. */
  readonly position?: string | undefined;
}

/** What one run comes to for a relation. */
export interface ComparedSide {
  /** The feature; null in a mean over relations. */
  readonly feature: number | null;
  /** Its AUROC; null if a side is empty. */
  readonly auroc: number | null;
  /** The 95 % interval; null with too few persons. */
  readonly interval: Interval | null;
  /** Whether the interval is over persons and wordings, and not over persons alone. */
  readonly isCrossed: boolean;
  /** Why there is no number or no interval; null if both are there. */
  readonly reason: string | null;
  /** The AUROC of each wording of the relation, by its name; empty if wordings are not known. */
  readonly byWording: Readonly<Record<string, number | null>>;
  /** Whether these lie on the same side of ½; null with fewer than two of them. */
  readonly doAgree: boolean | null;
}

/** A side, with what tells how far it goes together with another. */
export interface NamedSide extends ComparedSide {
  /** The variance of the AUROC; null where there is no interval. */
  readonly variance: number | null;
  /** How many persons the interval is over, on the side that has fewer. */
  readonly persons: number;
  /** The influences on the AUROC, by names that the other run knows, too. */
  readonly influences: ClusterInfluences;
}

/** A side that does not exist. */
export function noSide(reason: string): NamedSide {
  return {
    feature: null,
    auroc: null,
    interval: null,
    isCrossed: false,
    reason,
    byWording: {},
    doAgree: null,
    variance: null,
    persons: 0,
    influences: { persons: new Map(), crossed: null },
  };
}

/**
 * What a feature comes to for a relation.
 *
 * @param run What the run is called: it stands before names that the other run does not know.
 * @param isSameFile Whether the other run is of the same question file, so that it knows the wordings.
 */
export function sideOf(
  { selectivity }: ComparedSite,
  { run, isSameFile, ...how }: FeatureOptions & { run: string; isSameFile: boolean },
): NamedSide {
  const { record } = selectivity;
  if (!record.listed.includes(how.feature)) return noSide("its activations were not kept");
  const { influences, ...found } = estimateFeature(selectivity, how);
  const asked = askedQuestions(selectivity);
  // Without names nobody can be known again in the other run.
  const person = (i: number) => record.person_names?.[asked.person[i]!] ?? `\0${run}:${i}`;
  const wording = (i: number) => {
    const name = [record.groups[asked.group[i]!]!.key, record.wordings![asked.wording[i]!]];
    return JSON.stringify(isSameFile ? name : [run, ...name]);
  };
  const byWording = featureByWording(selectivity, how);
  return {
    ...found,
    byWording,
    doAgree: doWordingsAgree(byWording),
    influences: clusterInfluences(influences, (i) => ({
      person: person(i),
      wording: found.isCrossed ? wording(i) : null,
    })),
  };
}

/** Of one relation there is none. */
const LACKING = "of one relation there is none: ";

/**
 * The mean over relations. Where no person moves the AUROC of a relation, as where it is 1, its own
 * interval is a stand-in (Wilson's), and its part in the variance of the mean is not 0 but unknown: the
 * interval then goes from the mean of the lower ends to that of the upper ones, which holds however the
 * relations hang together.
 */
export function meanSide(sides: readonly NamedSide[]): NamedSide {
  const missing = sides.find(({ auroc }) => auroc === null);
  if (missing !== undefined) return noSide(`${LACKING}${missing.reason}`);
  const mean = sides.reduce((sum, { auroc }) => sum + auroc!, 0) / sides.length;
  const influences = meanInfluences(sides.map((side) => side.influences));
  const known = { ...noSide(""), ...found(sides, { mean, influences }), influences };
  return { ...known, auroc: mean, feature: null };
}

type Found = Pick<EstimatedAuroc, "interval" | "variance" | "persons" | "isCrossed" | "reason">;

/** The interval of the mean, and what it is made of. */
function found(
  sides: readonly NamedSide[],
  { mean, influences }: { mean: number; influences: ClusterInfluences },
): Found {
  const persons = Math.min(...sides.map((side) => side.persons));
  const unsure = sides.find(({ interval }) => interval === null);
  const variance = unsure === undefined ? influenceVariance(influences) : null;
  if (variance === null) {
    const reason = unsure?.reason ?? "there is one person only";
    return { interval: null, variance, persons, isCrossed: false, reason: `${LACKING}${reason}` };
  }
  const isCrossed = influences.crossed !== null;
  const isStill = sides.some((side) => side.variance === 0);
  const meanEnd = (end: 0 | 1) =>
    sides.reduce((sum, { interval }) => sum + interval![end], 0) / sides.length;
  const units = Math.min(persons, influences.crossed?.wordings.size ?? persons);
  const interval = isStill
    ? [meanEnd(0), meanEnd(1)] as const
    : logitInterval(mean, variance, units);
  return { interval, variance, persons, isCrossed, reason: null };
}
