/**
 * What is written of what is found at a site without the SAE that was trained.
 *
 * @module
 */
import { activationThreshold } from "../../stats/activation_threshold.ts";
import type { AnalysisPlan } from "../plan/plan.ts";
import { bestDirections, bestHigher, bestTurned, type Candidates, setOf } from "./null_best.ts";
import { halvesOf } from "./null_estimates.ts";
import type { Asked } from "./selectivity_run.ts";
import type { WatchedFeatures } from "./watched_features.ts";
import type { LayerNulls } from "../../results/layer_nulls.ts";
import { NULL_METHOD, type NullSet } from "../../results/null_record.ts";
import { LISTED_PER_GROUP } from "../../results/selectivity_record.ts";
import type { Selectivity } from "../../stats/selectivity/selectivity.ts";
import { topFeatures } from "../../stats/top_features.ts";

/** What was measured at a site. */
export interface FoundAtSite {
  /** Of all features of the SAE. */
  readonly own: Selectivity;
  /** Of the random encoder. */
  readonly random: Candidates;
  /** Of the neurons. */
  readonly stream: Candidates;
  /** How far each question goes into the direction of each group. */
  readonly directions: readonly Float32Array<ArrayBuffer>[];
}

/** Who was asked what, and what is known of the SAE. */
export interface NullContext {
  /** The analysis. */
  readonly plan: AnalysisPlan;
  /** Who was asked what. */
  readonly asked: Asked;
  /** The features of the SAE whose activations were kept. */
  readonly watched: WatchedFeatures;
  /** How many features the SAE has. */
  readonly featureCount: number;
  /** How many of them are free. */
  readonly freeCount: number;
  /** The seed of the random directions. */
  readonly seed: number;
}

/** Chooses the best of each set, estimates them on the other half, and puts all together. */
export function nullsFrom(
  { own: measures, random, stream, directions }: FoundAtSite,
  { plan, asked, watched: { sampled, strongest }, featureCount, freeCount, seed }: NullContext,
): LayerNulls {
  const own: Candidates = {
    features: sampled.features,
    listed: farthest(sampled.features, measures, featureCount),
    measures,
    featureCount,
    column: (feature) => sampled.column(feature),
  };
  const threshold = activationThreshold(plan.options.threshold);
  const about = { asked, halves: halvesOf(asked), threshold, keys: keysOf(plan) };
  // By the numbers of the features whose lengths the random rows have.
  const renamed = bestHigher(random, about).map((each) => ({
    ...each,
    feature: each.feature === null ? null : sampled.features[each.feature]!,
  }));
  const lists = strongest.finish();
  const sets = [
    setOf("sae", own, bestHigher(own, about), about),
    setOf("random_encoder", random, renamed, about),
    setOf("neurons", stream, bestTurned(stream, about), about),
    bestDirections(directions, about),
  ];
  return {
    record: {
      method: NULL_METHOD,
      seed,
      of: freeCount,
      sets: sets.map(({ set }): NullSet => set),
      lists: { features: lists.features, too_many: lists.isTooMany },
    },
    activations: joined(sets.flatMap(({ columns }) => columns)),
    lists,
  };
}

/** The features that would be listed if there were no others: of each group the farthest from ½. */
function farthest(
  features: readonly number[],
  { auroc_choosing }: Selectivity,
  featureCount: number,
): number[] {
  const listed = new Set<number>();
  for (let start = 0; start < auroc_choosing.length; start += featureCount) {
    const distances = features.map((feature) => Math.abs(auroc_choosing[start + feature]! - 0.5));
    for (const i of topFeatures(Float64Array.from(distances), LISTED_PER_GROUP)) {
      if (distances[i]! > 0) listed.add(features[i]!);
    }
  }
  return [...listed].sort((a, b) => a - b);
}

function keysOf({ sample: { relations } }: AnalysisPlan): string[] {
  return relations.map(({ key }) => key);
}

function joined(columns: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const count = columns[0]?.length ?? 0;
  const all = new Float32Array(columns.length * count);
  columns.forEach((column, i) => all.set(column, i * count));
  return all;
}
