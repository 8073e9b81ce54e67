/**
 * What is found at a site without the SAE that was trained: by a random encoder, by the neurons of the
 * hidden state, and by the difference-of-means direction of each group; beside them, as many features
 * of the SAE itself.
 *
 * @module
 */
import type { FeatureColumns } from "../sae/encode/columns.ts";
import { encodePooled } from "../sae/encode/encode_pooled.ts";
import type { Encoded, EncodeInput } from "../sae/encode/encoder.ts";
import type { Rows } from "../files/rows.ts";
import { neurons, projections, randomEncoder } from "../sae/null_encoders.ts";
import type { Sae } from "../sae/sae.ts";
import type { LayerNulls } from "../results/layer_nulls.ts";
import { NULL_METHOD, type NullSet } from "../results/null_record.ts";
import { LISTED_PER_GROUP } from "../results/selectivity_record.ts";
import { topFeatures } from "../stats/top_features.ts";
import type { MeasuredSite } from "./selectivity_collector.ts";
import { projectedRows, turnedRows } from "./state_columns.ts";
import type { WatchedFeatures } from "./watched_features.ts";
import type { SelectivityRun } from "./selectivity_run.ts";
import type { AnalysisPlan } from "./plan.ts";
import { meanDirections } from "./mean_directions.ts";
import { bestDirections, bestHigher, bestTurned, type Candidates, setOf } from "./null_best.ts";

/** The seed of the random directions. */
const SEED = 4;

/** What nulls are computed from. */
export interface NullInput {
  /** The analysis. */
  readonly plan: AnalysisPlan;
  /** What measures features. */
  readonly selectivity: SelectivityRun;
  /** The states as the model has them. */
  readonly states: Rows;
  /** The states as the SAE takes them. */
  readonly hidden: Rows;
  /** The SAE. */
  readonly sae: Sae;
  /** The features of it that were kept. */
  readonly watched: WatchedFeatures;
  /** How many free features it has. */
  readonly freeCount: number;
  /** What was measured of all of them. */
  readonly measured: MeasuredSite["selectivity"];
  /** Encodes on the run's device. */
  readonly encode: (input: EncodeInput, what: string) => Promise<Encoded>;
}

/**
 * Computes what is found at a site without the SAE that was trained.
 *
 * @throws {InputError} If a weight is damaged, or the device fails.
 */
export async function nullsOf(input: NullInput): Promise<LayerNulls> {
  const { selectivity, sae, watched: { sampled, strongest }, states, hidden, freeCount, plan } =
    input;
  const { asked } = selectivity;
  const own: Candidates = {
    features: sampled.features,
    listed: farthest(sampled.features, input.measured, sae.featureCount),
    measures: input.measured,
    featureCount: sae.featureCount,
    column: (feature) => sampled.column(feature),
  };
  const random = await measure(input, {
    sae: await randomEncoder(sae, sampled.features, SEED),
    hidden,
    what: "a random encoder",
    listedPerGroup: LISTED_PER_GROUP,
  });
  const stream = await measure(input, {
    sae: neurons(states.width),
    hidden: states,
    what: "the neurons",
    listedPerGroup: 1,
    isAsItIs: true,
  });
  const directions = await project(
    input,
    meanDirections(states, {
      ...asked,
      isFitted: asked.isChoosing,
      stateCounts: plan.pooled?.tokens.map(({ length }) => length),
    }),
  );
  const about = { asked, threshold: plan.options.threshold, keys: keysOf(plan) };
  // By the numbers of the features whose lengths the random rows have.
  const renamed = bestHigher(random, about).map((each) => ({
    ...each,
    feature: each.feature === null ? null : sampled.features[each.feature]!,
  }));
  const lists = strongest.finish();
  const found = [
    setOf("sae", own, bestHigher(own, about), about),
    setOf("random_encoder", random, renamed, about),
    setOf("neurons", stream, bestTurned(stream, about), about),
    bestDirections(directions, about),
  ];
  return {
    record: {
      method: NULL_METHOD,
      seed: SEED,
      of: freeCount,
      sets: found.map(({ set }): NullSet => set),
      lists: { features: lists.features, too_many: lists.isTooMany },
    },
    activations: joined(found.flatMap(({ columns }) => columns)),
    lists,
  };
}

/** The features that would be listed if there were no others: of each group the farthest from ½. */
function farthest(
  features: readonly number[],
  { auroc_choosing }: MeasuredSite["selectivity"],
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

interface Measured {
  readonly sae: Sae;
  readonly hidden: Rows;
  readonly what: string;
  readonly listedPerGroup: number;
  /** Whether encoding does nothing: what is measured is the states. */
  readonly isAsItIs?: boolean;
}

/** Measures what an encoder makes of states as features of an SAE are measured. */
async function measure(
  input: NullInput,
  { sae, hidden, what, listedPerGroup, isAsItIs = false }: Measured,
): Promise<Candidates> {
  const { featureCount } = sae;
  const collector = input.selectivity.collect({ featureCount, listedPerGroup, alsoListed: [] });
  const columns = (columns: FeatureColumns) => collector.take(columns);
  // A product with the unit matrix is left out where nothing is pooled.
  if (isAsItIs && input.plan.pooled === undefined) await turnedRows(hidden, columns);
  else await encodeAs(input, { sae, hidden, what, columns });
  const { selectivity, listed, activations } = await collector.finish();
  const questions = listed.length === 0 ? 0 : activations.length / listed.length;
  return {
    features: Array.from({ length: featureCount }, (_, feature) => feature),
    listed: [...listed],
    measures: selectivity,
    featureCount,
    column: (feature) => {
      const row = listed.indexOf(feature);
      return activations.slice(row * questions, (row + 1) * questions);
    },
  };
}

/** How far each question goes into each direction. */
async function project(
  input: NullInput,
  directions: Float32Array<ArrayBuffer>,
): Promise<Float32Array<ArrayBuffer>[]> {
  if (input.plan.pooled === undefined) return projectedRows(input.states, directions);
  const found: Float32Array<ArrayBuffer>[] = [];
  const columns = ({ count, questions, values }: FeatureColumns) => {
    for (let i = 0; i < count; i++) {
      found.push(values.slice(i * questions, (i + 1) * questions));
    }
  };
  const { states } = input;
  const sae = projections(directions, states.width);
  await encodeAs(input, { sae, hidden: states, what: "the mean directions", columns });
  return found;
}

/** Encodes, and pools as the SAE's features are pooled; what may be negative is not counted but pooled. */
async function encodeAs(
  { plan: { sample: { groupSizes }, options: { threshold }, pooled }, encode }: NullInput,
  { sae, hidden, what, columns }: Pick<Measured, "sae" | "hidden" | "what"> & {
    columns: (columns: FeatureColumns) => void | Promise<void>;
  },
): Promise<void> {
  const input = { hidden, groupSizes, sae, threshold, columns };
  if (pooled === undefined) {
    await encode(input, what);
    return;
  }
  const isLinear = sae.activation.threshold === undefined;
  await encodePooled({
    ...input,
    stateCounts: pooled.tokens.map(({ length }) => length),
    pooling: pooled.pooling === "any" && isLinear ? "max" : pooled.pooling,
  }, (input) => encode(input, what));
}

function joined(columns: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const count = columns[0]?.length ?? 0;
  const all = new Float32Array(columns.length * count);
  columns.forEach((column, i) => all.set(column, i * count));
  return all;
}
