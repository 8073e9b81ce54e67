/**
 * What is found at a site without the SAE that was trained: by a random encoder, by the neurons of the
 * hidden state, and by the difference-of-means direction of each group; beside them, as many features
 * of the SAE itself.
 *
 * @module
 */
import type { FeatureColumns } from "../../sae/encode/columns.ts";
import { encodePooled } from "../../sae/encode/encode_pooled.ts";
import type { Encoded, EncodeInput } from "../../sae/encode/encoder.ts";
import type { Rows } from "../../files/rows.ts";
import { neurons, projections, randomEncoder } from "../../sae/null_encoders.ts";
import type { Sae } from "../../sae/sae.ts";
import type { LayerNulls } from "../../results/layer_nulls.ts";
import { LISTED_PER_GROUP } from "../../results/selectivity_record.ts";
import type { MeasuredSite } from "./selectivity_collector.ts";
import type { Selectivity } from "../../stats/selectivity/selectivity.ts";
import { projectedRows, turnedRows } from "./state_columns.ts";
import type { WatchedFeatures } from "./watched_features.ts";
import { NULL_SEED, type SelectivityRun } from "./selectivity_run.ts";
import type { AnalysisPlan } from "../plan/plan.ts";
import { meanDirections } from "./mean_directions.ts";
import type { Candidates } from "./null_best.ts";
import { nullsFrom } from "./null_results.ts";

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
  /** Encodes on the run's device. */
  readonly encode: (input: EncodeInput, what: string) => Promise<Encoded>;
}

/** What is left to be done once the device has done its part, when all features of the SAE are measured. */
export type BegunNulls = (measured: Selectivity) => Promise<LayerNulls>;

/**
 * Begins to compute what is found at a site without the SAE that was trained: encodes, and has the threads
 * measure. The device is free then for the next site.
 *
 * @throws {InputError} If a weight is damaged, or the device fails.
 */
export async function beginNulls(input: NullInput): Promise<BegunNulls> {
  const { selectivity, sae, watched, states, hidden, freeCount, plan } = input;
  const { asked } = selectivity;
  const { sampled } = watched;
  const about = { plan, asked, watched, freeCount, featureCount: sae.featureCount }; // no weights
  const random = await measure(input, {
    sae: await randomEncoder(sae, sampled.features, selectivity.directions),
    hidden,
    what: "a random encoder",
    listedPerGroup: LISTED_PER_GROUP,
  });
  const stream = await measure(input, {
    sae: neurons(states.width),
    hidden: states,
    what: "the neurons",
    listedPerGroup: 1,
    areStates: true,
  });
  const directions = await project(
    input,
    meanDirections(states, {
      ...asked,
      isFitted: asked.isChoosing,
      stateCounts: plan.pooled?.tokens.map(({ length }) => length),
    }),
  );
  return async (measured) => {
    const found = { own: measured, random: await random(), stream: await stream(), directions };
    return nullsFrom(found, { ...about, seed: NULL_SEED });
  };
}

interface Measured {
  readonly sae: Sae;
  readonly hidden: Rows;
  readonly what: string;
  readonly listedPerGroup: number;
  /** Whether what is measured is no features but the states, as they are or in some directions. */
  readonly areStates?: boolean;
}

/** Has measured what an encoder makes of states as features of an SAE are measured. */
async function measure(
  input: NullInput,
  { sae, hidden, what, listedPerGroup, areStates = false }: Measured,
): Promise<() => Promise<Candidates>> {
  const { featureCount } = sae;
  const collector = input.selectivity.collect({ featureCount, listedPerGroup, alsoListed: [] });
  const columns = (columns: FeatureColumns) => collector.take(columns);
  // A product with the unit matrix is left out where nothing is pooled.
  if (areStates && input.plan.pooled === undefined) {
    await turnedRows(hidden, columns, collector.room);
  } else await encodeAs(input, { sae, hidden, what, areStates, columns });
  return async () => candidatesOf(await collector.finish(), featureCount);
}

function candidatesOf(
  { selectivity, listed, activations }: MeasuredSite,
  featureCount: number,
): Candidates {
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
  const what = "the mean directions";
  await encodeAs(input, { sae, hidden: states, what, areStates: true, columns });
  return found;
}

/**
 * Encodes, and pools as the SAE's features are pooled. Of states it is not asked whether any token is
 * above 0, which says little of them: their greatest is taken.
 */
async function encodeAs(
  { plan: { sample: { groupSizes }, options: { threshold }, pooled }, encode }: NullInput,
  { sae, hidden, what, areStates, columns }: Omit<Measured, "listedPerGroup"> & {
    columns: (columns: FeatureColumns) => void | Promise<void>;
  },
): Promise<void> {
  const input = { hidden, groupSizes, sae, threshold, columns };
  if (pooled === undefined) {
    await encode(input, what);
    return;
  }
  await encodePooled({
    ...input,
    stateCounts: pooled.tokens.map(({ length }) => length),
    pooling: pooled.pooling === "any" && areStates ? "max" : pooled.pooling,
  }, (input) => encode(input, what));
}
