/**
 * Neighbouring features that ONNX Runtime encodes together, and what it is handed of them.
 *
 * @module
 */
import { type Activation, featureParametersOf, finite, formOf } from "../activation.ts";
import type { Feed } from "../../compute/ort_session.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { Sae } from "../sae.ts";
import type { Cutoffs } from "../top_k.ts";
import { shared } from "./encode_chunks.ts";
import { LEAST_FEATURES, LEAST_STATES } from "./ort_division.ts";
import { tileText } from "./ort_graph.ts";

/** Neighbouring features that are encoded together. */
export interface FeatureChunk extends FeatureRange {
  /** How many rows are computed: beyond `count` all is 0. */
  rows: number;
  /** The encoder's rows. */
  weight: Float32Array;
  /** Their biases. */
  bias: Float32Array;
  /** The parameters of the activation that each feature has its own of, by name. */
  parameters: Record<string, Float32Array>;
  /** The features to keep among them; undefined if all are given as they are. */
  kept: FeatureRange | undefined;
}

/** Chunks that were read at once. */
export interface ReadChunks {
  /** The chunks. */
  readonly chunks: readonly FeatureChunk[];
  /** Gives the memory of the encoder's rows back. */
  release(): void;
}

/** Whether z is max(p, 0), an operator of its own, faster than a choice. */
export function isRelu({ threshold, floor, scale, offset }: Activation): boolean {
  return threshold === 0 && floor === undefined && scale === undefined && offset === undefined;
}

/**
 * Reads the rows of neighbouring chunks.
 *
 * @param ranges The features of each.
 * @param kept The features of the SAE that are kept; all: all of each chunk; undefined: the graph gives all
 * as they are.
 * @throws {InputError} If a weight is damaged or not finite.
 */
export async function readChunks(
  sae: Sae,
  ranges: readonly FeatureRange[],
  kept: FeatureRange | "all" | undefined,
): Promise<ReadChunks> {
  const { width, rows } = sae;
  const { first, count } = spanOf(ranges);
  const weight = await rows.read(first, count);
  return {
    chunks: ranges.map((range) => {
      const from = range.first - first;
      const own = weight.subarray(from * width, (from + range.count) * width);
      return chunkOf(sae, range, { weight: own, kept: kept === "all" ? range : kept });
    }),
    release: () => rows.release?.(weight),
  };
}

/** The features of neighbouring chunks. */
export function spanOf(ranges: readonly FeatureRange[]): FeatureRange {
  const first = ranges[0]!.first;
  const last = ranges.at(-1)!;
  return { first, count: last.first + last.count - first };
}

function chunkOf(
  { width, bias, activation }: Sae,
  { first, count }: FeatureRange,
  { weight, kept }: { weight: Float32Array; kept: FeatureRange | undefined },
): FeatureChunk {
  const height = Math.max(LEAST_FEATURES, count);
  const own = (values: Float32Array) => padded(values.subarray(first, first + count), height);
  const parameters = featureParametersOf(formOf(activation)).map((name) => {
    return [name, own(activation[name] as Float32Array).map(finite)] as const;
  });
  return {
    first,
    count,
    rows: height,
    weight: padded(weight, height * width),
    bias: own(bias),
    parameters: Object.fromEntries(parameters),
    kept: kept && shared({ first, count }, kept),
  };
}

function padded(values: Float32Array, length: number): Float32Array {
  if (values.length >= length) return values;
  const result = new Float32Array(length);
  result.set(values);
  return result;
}

/** What is said of a run besides the features. */
export interface RunStates {
  /** The hidden states of each tile, one after the other. */
  readonly states: readonly Float32Array[];
  /** Whether they are filled up with zeros, to {@linkcode LEAST_STATES}. Default: no. */
  readonly areFilledUp?: boolean | undefined;
  /** How many states each part of the only tile has; undefined if there are no parts. */
  readonly parts?: readonly number[] | undefined;
  /** Activations above it are counted. */
  readonly threshold: number;
  /** What top-k comes to of the only tile. */
  readonly cutoffs?: Cutoffs | undefined;
}

/** The inputs of a run of the graph, by name. */
export function feedsOf(
  { width, activation }: Sae,
  chunk: FeatureChunk,
  { states, areFilledUp = false, parts = [], threshold: countAbove, cutoffs }: RunStates,
): Record<string, Feed> {
  const { threshold, floor } = activation;
  const { first, rows, weight, bias, parameters, kept } = chunk;
  const one = (value: number) => ({ data: new Float32Array([value]), shape: [1] });
  const each = Object.entries(parameters).map(([name, data]) => [name, { data, shape: [rows, 1] }]);
  const tiles = states.flatMap((own, tile): [string, Feed][] => {
    const data = areFilledUp ? padded(own, LEAST_STATES * width) : own;
    const hidden = { data, shape: [data.length / width, width] };
    if (!areFilledUp) return [[tileText("hidden", tile), hidden]];
    const counted = { data: BigInt64Array.of(BigInt(own.length / width)), shape: [1] };
    return [[tileText("hidden", tile), hidden], [tileText("counted", tile), counted]];
  });
  return {
    ...Object.fromEntries(tiles),
    weight: { data: weight, shape: [rows, width] },
    bias: { data: bias, shape: [rows, 1] },
    count_above: one(countAbove),
    ...(parts.length > 1 && { bounds: boundsOf(parts) }),
    ...(kept && { kept: { data: rangeIn(chunk, kept), shape: [2] } }),
    ...(typeof threshold === "number" && !isRelu(activation) &&
      { threshold: one(finite(threshold)) }),
    ...(cutoffs && {
      thresholds: { data: cutoffs.thresholds, shape: [1, cutoffs.thresholds.length] },
      ends: { data: Float32Array.from(cutoffs.ends), shape: [1, cutoffs.ends.length] },
      // Whole numbers are exact in float32 up to 16,777,216.
      numbers: { data: Float32Array.from({ length: rows }, (_, i) => first + i), shape: [rows, 1] },
    }),
    ...(floor !== undefined && { floor: one(finite(floor)) }),
    ...Object.fromEntries(each),
  };
}

/** Where parts begin, and where the last one ends. */
function boundsOf(parts: readonly number[]): Feed {
  const data = new BigInt64Array(parts.length + 1);
  parts.forEach((count, i) => data[i + 1] = data[i]! + BigInt(count));
  return { data, shape: [data.length] };
}

/** From where to where a range of features is in a chunk. */
function rangeIn(chunk: FeatureRange, { first, count }: FeatureRange): BigInt64Array {
  // Without targets one row is kept all the same: an empty tensor is a corner of its own.
  const from = count > 0 ? first - chunk.first : 0;
  return BigInt64Array.from([from, from + Math.max(1, count)], BigInt);
}
