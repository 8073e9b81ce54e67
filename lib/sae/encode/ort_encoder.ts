/**
 * Encodes through ONNX Runtime, for machines without a GPU: one matrix product and its reductions.
 *
 * The product is weight hiddenᵀ, features in rows. ONNX Runtime divides the larger side of a product
 * among its threads, and adds in an order that depends on how many columns it then has before it.
 * With as many features as questions, or more, it divides rows, which changes no order, so that the
 * same inputs give the same bytes with any number of threads. The product the other way round does not.
 * Source: https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/sgemm.cpp
 *
 * @module
 */
import { isNative } from "../../compute/ort_backend.ts";
import { createOrtSession, type OrtRuntime, type OrtSession } from "../../compute/ort_session.ts";
import {
  type Activation,
  featureParametersOf,
  finite,
  formKey,
  formOf,
  LINEAR,
} from "../activation.ts";
import type { FeatureRange } from "../feature_rows.ts";
import { CHUNK_BYTES, FEATURE_STEP } from "../feature_ranges.ts";
import { shared } from "./encode_chunks.ts";
import type { Encoded, EncodeInput, Encoder } from "./encoder.ts";
import { buildEncodeGraph } from "./ort_graph.ts";
import type { EncodeTask } from "./encode_task.ts";
import { encodeKept } from "./kept_features.ts";
import { type QuestionTile, tileQuestions } from "./question_tiles.ts";
import { addTile, emptyReductions, type ExtraReduction, reductionsOf } from "./reductions.ts";
import type { Sae } from "../sae.ts";
import { type Cutoffs, cutoffsOf, emptyCutoffs, LargestFeatures, type TopK } from "../top_k.ts";

/** Questions a run: few enough that sums in float32 stay exact to the last digits. */
const TILE_QUESTIONS = 256;
/** Features a run, at most: few enough that the activations of a tile stay in the caches. */
const CHUNK_FEATURES = 2048;
/** The same in bytes of weights: native code reads them where they are, wasm copies them to its memory. */
const MOST_CHUNK_BYTES = { native: CHUNK_BYTES / 2, wasm: CHUNK_BYTES / 4 } as const;
/** Features a run, at least: as many as questions, so that rows are divided among threads. */
const LEAST_FEATURES = TILE_QUESTIONS;

/** An encoder on ONNX Runtime, native or wasm. */
export class OrtEncoder implements Encoder {
  readonly backend: string;
  readonly tileQuestions: number = TILE_QUESTIONS;
  #runtime: OrtRuntime;
  #sessions = new Map<string, Promise<OrtSession>>();

  /** Encodes on a build of ONNX Runtime. */
  constructor(runtime: OrtRuntime) {
    this.#runtime = runtime;
    this.backend = `onnxruntime ${runtime.backend}`;
  }

  /** See {@linkcode Encoder}. */
  async encode(input: EncodeInput): Promise<Encoded> {
    return await encodeKept(input, (task) => this.#encode(task));
  }

  async #encode(task: EncodeTask): Promise<Encoded> {
    const { hidden, sae, threshold, kept, also, into } = task;
    const session = await this.#session(sae.activation, { also, isByFeature: into !== undefined });
    const reductions = emptyReductions(task, sae.featureCount, also);
    const keptActivations = new Float32Array(hidden.count * kept.count);
    const ranges = divideFeatures(task, this.#runtime);
    const topK = topKOf(sae.activation);
    const cutoffs = topK && (task.cutoffs ?? emptyCutoffs(hidden.count));
    for (const block of blocksOf(tileQuestions(task, TILE_QUESTIONS), sae)) {
      const tiles = block.map((tile): StatesTile => ({
        ...tile,
        states: hidden.read(tile.first, tile.count),
        cutoffs: cutoffs && cutoffsOf(cutoffs, tile.first, tile.count),
      }));
      if (topK && !task.cutoffs) await this.#findCutoffs(tiles, ranges, { sae, topK });
      for (const [i, range] of ranges.entries()) {
        const chunk = await readChunk(sae, range, into === undefined ? kept : range);
        readAhead(sae, ranges[i + 1]);
        for (const { segment, first, count, states, cutoffs } of tiles) {
          const found = await session.run(feedsOf(states, sae, chunk, { threshold, cutoffs }));
          const place = { segment, first, firstFeature: chunk.first };
          addTile(reductions, place, (name) => found[name]?.subarray(0, chunk.count));
          const activations = found["kept_activations"]!;
          if (into === undefined) {
            keep(keptActivations, activations, { firstQuestion: first, chunk, kept });
          } else into.put(activations, { feature: chunk.first, question: first, many: count });
        }
        chunk.release();
      }
    }
    return { reductions, keptActivations, cutoffs };
  }

  /** Computes p of all features, a chunk at a time, and finds what top-k leaves of each question. */
  async #findCutoffs(
    tiles: readonly StatesTile[],
    ranges: readonly FeatureRange[],
    { sae, topK }: { sae: Sae; topK: TopK },
  ): Promise<void> {
    const session = await this.#session(LINEAR);
    const linear = { ...sae, activation: LINEAR };
    const largest = tiles.map(({ count }) =>
      Array.from({ length: count }, () => new LargestFeatures(topK))
    );
    for (const [i, range] of ranges.entries()) {
      const chunk = await readChunk(linear, range, range);
      readAhead(sae, ranges[i + 1]);
      for (const [tile, { states }] of tiles.entries()) {
        // The same product as that which is cut afterwards, thus the same bytes.
        const found = await session.run(feedsOf(states, linear, chunk, { threshold: 0 }));
        const p = found["kept_activations"]!;
        largest[tile]!.forEach((features, question) => {
          const from = question * chunk.count;
          features.add(p.subarray(from, from + chunk.count), chunk.first);
        });
      }
      chunk.release();
    }
    tiles.forEach(({ cutoffs }, tile) => {
      largest[tile]!.forEach(({ cutoff: { threshold, end } }, question) => {
        cutoffs!.thresholds[question] = threshold;
        cutoffs!.ends[question] = end;
      });
    });
  }

  /** Gives the sessions' memory back. A session that could not be made has none, and was reported. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const made of await Promise.allSettled(this.#sessions.values())) {
      if (made.status === "fulfilled") await made.value.release();
    }
  }

  /** The session for a form of activation, made when the first SAE with it comes. */
  #session(
    activation: Activation,
    { also, isByFeature = false }: {
      also?: readonly ExtraReduction[] | undefined;
      isByFeature?: boolean;
    } = {},
  ): Promise<OrtSession> {
    const form = isRelu(activation) ? "relu" : formOf(activation);
    const reductions = reductionsOf(also);
    const key = `${form === "relu" ? form : formKey(form)} ${reductions} ${isByFeature}`;
    const session = this.#sessions.get(key) ??
      buildEncodeGraph(form, { reductions, isByFeature })
        .then((graph) => createOrtSession(this.#runtime, graph));
    this.#sessions.set(key, session);
    return session;
  }
}

/** Neighbouring features that are encoded together. */
interface FeatureChunk extends FeatureRange {
  /** How many rows are computed: at least {@linkcode LEAST_FEATURES}; beyond `count` all is 0. */
  rows: number;
  /** The encoder's rows. */
  weight: Float32Array;
  bias: Float32Array;
  /** The parameters of the activation that each feature has its own of, by name. */
  parameters: Record<string, Float32Array>;
  /** The features to keep among them. */
  kept: FeatureRange;
  /** Gives the memory of the encoder's rows back. */
  release: () => void;
}

/** Whether z is max(p, 0), an operator of its own, faster than a choice. */
function isRelu({ threshold, floor, scale, offset }: Activation): boolean {
  return threshold === 0 && floor === undefined && scale === undefined && offset === undefined;
}

function topKOf({ threshold }: Activation): TopK | undefined {
  return typeof threshold === "object" && "k" in threshold ? threshold : undefined;
}

/** A tile of questions with their hidden states, and what top-k comes to of them. */
interface StatesTile extends QuestionTile {
  states: Float32Array<ArrayBuffer>;
  cutoffs: Cutoffs | undefined;
}

/**
 * Tiles whose hidden states are in memory together. The encoder is read once for all of a block, so
 * that a large one is not read for every tile.
 */
function* blocksOf(tiles: readonly QuestionTile[], sae: Sae): Generator<QuestionTile[]> {
  const topK = topKOf(sae.activation);
  const questionBytes = 4 * sae.width + (topK === undefined ? 0 : 12 * topK.k); // its heap
  const most = Math.max(1, Math.floor(CHUNK_BYTES / (questionBytes * TILE_QUESTIONS)));
  for (let start = 0; start < tiles.length; start += most) yield tiles.slice(start, start + most);
}

/** Cuts the features into chunks as even as can be, but for the few that are kept after the last. */
function divideFeatures(
  { sae: { width, featureCount }, kept }: EncodeTask,
  { backend }: OrtRuntime,
): FeatureRange[] {
  const most = Math.floor(MOST_CHUNK_BYTES[isNative(backend) ? "native" : "wasm"] / (4 * width));
  const atOnce = Math.max(LEAST_FEATURES, Math.min(CHUNK_FEATURES, most));
  const divided = featureCount - (kept.count < LEAST_FEATURES ? kept.count : 0);
  const count = Math.max(1, Math.ceil(divided / atOnce));
  const firsts = Array.from(
    { length: count },
    (_, i) => FEATURE_STEP * Math.floor(i * divided / count / FEATURE_STEP),
  );
  return firsts.map((first, i) => ({ first, count: (firsts[i + 1] ?? featureCount) - first }));
}

async function readChunk(
  { width, rows, bias, activation }: Sae,
  { first, count }: FeatureRange,
  kept: FeatureRange,
): Promise<FeatureChunk> {
  const height = Math.max(LEAST_FEATURES, count);
  const own = (values: Float32Array) => padded(values.subarray(first, first + count), height);
  const parameters = featureParametersOf(formOf(activation)).map((name) => {
    return [name, own(activation[name] as Float32Array).map(finite)] as const;
  });
  const weight = await rows.read(first, count);
  return {
    first,
    count,
    rows: height,
    weight: padded(weight, height * width),
    release: () => rows.release?.(weight),
    bias: own(bias),
    parameters: Object.fromEntries(parameters),
    kept: shared({ first, count }, kept),
  };
}

/** While a chunk is at work, the next may be read. */
function readAhead({ rows }: Sae, next: FeatureRange | undefined): void {
  if (next !== undefined) rows.ahead?.(next.first, next.count);
}

function padded(values: Float32Array, length: number): Float32Array {
  if (values.length >= length) return values;
  const result = new Float32Array(length);
  result.set(values);
  return result;
}

function feedsOf(
  states: Float32Array,
  sae: Sae,
  chunk: FeatureChunk,
  { threshold: countAbove, cutoffs }: { threshold: number; cutoffs?: Cutoffs | undefined },
) {
  const { width, activation } = sae;
  const { threshold, floor } = activation;
  const { first, rows, weight, bias, parameters, kept } = chunk;
  // Without targets one row is kept all the same: an empty tensor is a corner of its own.
  const from = kept.count > 0 ? kept.first - first : 0;
  const one = (value: number) => ({ data: new Float32Array([value]), shape: [1] });
  const each = Object.entries(parameters).map(([name, data]) => [name, { data, shape: [rows, 1] }]);
  return {
    hidden: { data: states, shape: [states.length / width, width] },
    weight: { data: weight, shape: [rows, width] },
    bias: { data: bias, shape: [rows, 1] },
    count_above: one(countAbove),
    kept: {
      data: BigInt64Array.from([from, from + Math.max(1, kept.count)], BigInt),
      shape: [2],
    },
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

/** Puts the activations `[questions, kept]` of the features kept of a chunk where they belong. */
function keep(
  keptActivations: Float32Array,
  activations: Float32Array,
  { firstQuestion, chunk: { kept: part }, kept }: {
    firstQuestion: number;
    chunk: FeatureChunk;
    kept: FeatureRange;
  },
): void {
  if (part.count === 0) return;
  for (let row = 0; row < activations.length / part.count; row++) {
    const own = activations.subarray(row * part.count, (row + 1) * part.count);
    keptActivations.set(own, (firstQuestion + row) * kept.count + part.first - kept.first);
  }
}
