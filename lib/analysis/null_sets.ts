/**
 * What is found at a site without the SAE that was trained: by a random encoder, by the neurons of the
 * hidden state, and by the difference-of-means direction of each group; beside them, as many features
 * of the SAE itself.
 *
 * @module
 */
import { columnRuns, type FeatureColumns } from "../sae/encode/columns.ts";
import { encodePooled } from "../sae/encode/encode_pooled.ts";
import type { Encoded, EncodeInput } from "../sae/encode/encoder.ts";
import type { Rows } from "../files/rows.ts";
import { neurons, projections, randomEncoder, sampleFeatures } from "../sae/null_encoders.ts";
import type { Sae } from "../sae/sae.ts";
import type { LayerNulls } from "../results/layer_nulls.ts";
import { NULL_METHOD, type NullSet } from "../results/null_record.ts";
import { LISTED_PER_GROUP } from "../results/selectivity_record.ts";
import { topFeatures } from "../stats/top_features.ts";
import type { MeasuredSite } from "./selectivity_collector.ts";
import type { ListCandidates } from "./list_candidates.ts";
import type { SelectivityRun } from "./selectivity_run.ts";
import type { AnalysisPlan } from "./plan.ts";
import { meanDirections } from "./mean_directions.ts";
import { bestDirections, bestHigher, bestTurned, type Candidates, setOf } from "./null_best.ts";

/** So many features of the SAE, and as many random ones, are compared at most. */
const MOST_FEATURES = 256;
/** The activations of those of the SAE take no more bytes than this. */
const MOST_BYTES = 64 * 2 ** 20;
/** How many states are read at a time. */
const ROWS_AT_ONCE = 256;
/** The seed of the random directions. */
const SEED = 4;

/** Keeps the activations of some features of an SAE while all of them go by. */
export class SampledFeatures {
  /** The features, ascending. */
  readonly features: readonly number[];
  readonly #columns = new Map<number, Float32Array<ArrayBuffer>>();

  /** Chooses them among the free features. */
  constructor({ freeCount, questions }: { freeCount: number; questions: number }) {
    const most = Math.max(16, Math.floor(MOST_BYTES / (4 * Math.max(1, questions))));
    this.features = sampleFeatures(freeCount, Math.min(MOST_FEATURES, most));
    for (const feature of this.features) this.#columns.set(feature, new Float32Array(0));
  }

  /** Keeps what is wanted of neighbouring features; the values stay the caller's. */
  see({ first, count, questions, values }: FeatureColumns): void {
    for (let feature = first; feature < first + count; feature++) {
      if (!this.#columns.has(feature)) continue;
      const at = (feature - first) * questions;
      this.#columns.set(feature, values.slice(at, at + questions));
    }
  }

  /** The activations of one of them, for all questions. */
  column(feature: number): Float32Array<ArrayBuffer> {
    return this.#columns.get(feature)!;
  }
}

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
  /** Those of its features that stand for all. */
  readonly sampled: SampledFeatures;
  /** Those that may be on a list of the strongest. */
  readonly strongest: ListCandidates;
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
  const { selectivity, sae, sampled, states, hidden, freeCount, plan } = input;
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
  const lists = input.strongest.finish();
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
  if (isAsItIs && input.plan.pooled === undefined) await turned(hidden, columns);
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

/** Hands rows over column by column, some at a time. */
async function turned(
  rows: Rows,
  take: (columns: FeatureColumns) => Promise<void>,
): Promise<void> {
  const { count: questions, width } = rows;
  for (const { first, count } of columnRuns(width, questions)) {
    const values = new Float32Array(count * questions);
    for (let start = 0; start < questions; start += ROWS_AT_ONCE) {
      const some = rows.read(start, Math.min(ROWS_AT_ONCE, questions - start));
      for (let row = 0, at = first; at < some.length; row++, at += width) {
        for (let i = 0; i < count; i++) values[i * questions + start + row] = some[at + i]!;
      }
    }
    await take({ first, count, questions, values });
  }
}

/** How far each question goes into each direction. */
async function project(
  input: NullInput,
  directions: Float32Array<ArrayBuffer>,
): Promise<Float32Array<ArrayBuffer>[]> {
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
