/**
 * Encodes through ONNX Runtime, for machines without a GPU: one matrix product and its reductions.
 *
 * The product is weight hiddenᵀ, features in rows. ONNX Runtime divides the larger side of a product
 * among its threads, and adds in an order that depends on how many columns it then has before it.
 * With as many features as questions, or more, it divides rows, which changes no order, so that the
 * same inputs give the same bytes with any number of threads. The product the other way round does not.
 * Few states are filled up with zeros, so that a state's features do not depend on how many lie beside it.
 * Source: https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/sgemm.cpp
 *
 * @module
 */
import { isNative } from "../../compute/ort_backend.ts";
import {
  createOrtSession,
  type OrtRuntime,
  type OrtSession,
  type Room,
} from "../../compute/ort_session.ts";
import { type Activation, formKey, formOf, LINEAR } from "../activation.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { Encoded, EncodeInput, Encoder } from "./encoder.ts";
import { feedsOf, isRelu, readChunks, spanOf } from "./ort_chunk.ts";
import {
  areFilledUp,
  blocksOf,
  divideFeatures,
  joinSmall,
  runsOf,
  type StatesTile,
  TILE_QUESTIONS,
  topKOf,
} from "./ort_division.ts";
import { buildLargestGraph, largestFeeds, offerLargest } from "./largest_graph.ts";
import { buildEncodeGraph, tileText } from "./ort_graph.ts";
import type { EncodeTask } from "./encode_task.ts";
import { encodeKept, putKept } from "./kept_features.ts";
import { tileQuestions } from "./question_tiles.ts";
import { addTile, emptyReductions, type ExtraReduction, reductionsOf } from "./reductions.ts";
import type { Sae } from "../sae.ts";
import { cutoffsOf, emptyCutoffs, LargestFeatures, type TopK } from "../top_k.ts";

/** Tiles a native run, where there are so many: it takes a tenth of a millisecond beside its work. */
export const TILES_AT_ONCE = 4;

/** An encoder on ONNX Runtime, native or wasm. */
export class OrtEncoder implements Encoder {
  readonly backend: string;
  readonly tileQuestions: number = TILE_QUESTIONS;
  #runtime: OrtRuntime;
  #isNative: boolean;
  #sessions = new Map<string, Promise<OrtSession>>();
  /** Where native code writes the activations of tiles: it would get new memory for those of each run. */
  #free: Float32Array<ArrayBuffer>[] = [];

  /** Encodes on a build of ONNX Runtime. */
  constructor(runtime: OrtRuntime) {
    this.#runtime = runtime;
    this.#isNative = isNative(runtime.backend);
    this.backend = `onnxruntime ${runtime.backend}`;
  }

  /** See {@linkcode Encoder}. */
  async encode(input: EncodeInput): Promise<Encoded> {
    return await encodeKept(input, (task) => this.#encode(task));
  }

  async #encode(task: EncodeTask): Promise<Encoded> {
    const { hidden, sae, threshold, kept, also, into } = task;
    const isByFeature = into !== undefined;
    const reductions = emptyReductions(task, sae.featureCount, also);
    const keptActivations = new Float32Array(hidden.count * kept.count);
    const { threads } = this.#runtime;
    const ranges = divideFeatures(task, this.#isNative ? "native" : "wasm", threads);
    const topK = topKOf(sae.activation);
    const cutoffs = topK && (task.cutoffs ?? emptyCutoffs(hidden.count));
    const isSplit = topK !== undefined || !this.#isNative;
    for (const block of blocksOf(tileQuestions(task, TILE_QUESTIONS), sae)) {
      const tiles = [...joinSmall(block, task)].map((tile): StatesTile => ({
        ...tile,
        states: hidden.read(tile.first, tile.count),
        cutoffs: cutoffs && cutoffsOf(cutoffs, tile.first, tile.count),
      }));
      if (topK && !task.cutoffs) await this.#findCutoffs(tiles, ranges, { task, topK });
      const runs = [...runsOf(tiles, isSplit ? 1 : TILES_AT_ONCE)];
      for (const [i, together] of ranges.entries()) {
        const read = await readChunks(sae, together, isByFeature ? undefined : kept);
        readAhead(sae, ranges[i + 1]);
        for (const [chunk, run] of pairs(read.chunks, runs)) {
          const filled = areFilledUp(run, task);
          const parts = run.length === 1 ? run[0]!.parts.map(({ count }) => count) : [];
          const form = { also, isByFeature, tiles: run.length, filled, parts: parts.length };
          const session = await this.#session(sae.activation, form);
          const states = run.map((tile) => tile.states);
          const { cutoffs } = run[0]!;
          const rooms = isByFeature && this.#isNative ? this.#rooms(chunk.rows, run) : {};
          const found = await session.run(
            feedsOf(sae, chunk, { states, areFilledUp: filled, parts, threshold, cutoffs }),
            rooms,
          );
          run.forEach(({ first, count, parts }, tile) => {
            parts.forEach(({ segment, first }, part) => {
              const place = { segment, first, firstFeature: chunk.first };
              const own = (name: string) => found[tileText(name, tile + part)];
              addTile(reductions, place, (name) => own(name)?.subarray(0, chunk.count));
            });
            const activations = found[tileText("kept_activations", tile)]!;
            if (into === undefined) {
              putKept(keptActivations, activations, {
                firstQuestion: first,
                part: chunk.kept!,
                kept,
              });
            } else {
              const those = activations.subarray(0, chunk.count * count);
              into.put(those, { feature: chunk.first, question: first, many: count });
            }
          });
          for (const { data } of Object.values(rooms)) {
            this.#free.push(new Float32Array(data.buffer));
          }
        }
        read.release();
      }
    }
    return { reductions, keptActivations, cutoffs };
  }

  /** Computes p of all features, a chunk at a time, and finds what top-k leaves of each question. */
  async #findCutoffs(
    tiles: readonly StatesTile[],
    ranges: readonly (readonly FeatureRange[])[],
    { task, topK }: { task: EncodeTask; topK: TopK },
  ): Promise<void> {
    const { sae } = task;
    const linear = { ...sae, activation: LINEAR };
    const largest = tiles.map(({ count }) =>
      Array.from({ length: count }, () => new LargestFeatures(topK))
    );
    for (const [i, together] of ranges.entries()) {
      const read = await readChunks(linear, together, "all");
      readAhead(sae, ranges[i + 1]);
      for (const [chunk, [tile, { states, count }]] of pairs(read.chunks, [...tiles.entries()])) {
        const filled = areFilledUp([{ count }], task);
        // In WebAssembly, going through all p here is faster.
        const session = await (this.#isNative
          ? this.#largest(topK.by, filled)
          : this.#session(LINEAR, { filled }));
        // The same product as that which is cut afterwards, thus the same bytes.
        const feeds = feedsOf(linear, chunk, {
          states: [states],
          areFilledUp: filled,
          threshold: 0,
        });
        if (this.#isNative) {
          const { weight, bias, hidden, counted } = feeds;
          const states = { hidden: hidden!, ...counted && { counted } };
          const own = { weight: weight!, bias: bias!, ...states };
          const found = await session.run({ ...own, ...largestFeeds(chunk.count, topK.k) });
          offerLargest(largest[tile]!, found, chunk.first);
          continue;
        }
        const found = await session.run(feeds);
        const p = found["kept_activations"]!;
        largest[tile]!.forEach((features, question) => {
          const from = question * chunk.count;
          features.add(p.subarray(from, from + chunk.count), chunk.first);
        });
      }
      read.release();
    }
    tiles.forEach(({ cutoffs }, tile) => {
      largest[tile]!.forEach(({ cutoff: { threshold, end } }, question) => {
        cutoffs!.thresholds[question] = threshold;
        cutoffs!.ends[question] = end;
      });
    });
  }

  /** Takes memory for the activations of some features, tile by tile; whoever has read them gives it back. */
  #rooms(features: number, tiles: readonly StatesTile[]): Record<string, Room> {
    const rooms = tiles.map(({ count }, tile) => {
      const shape = [features, count];
      return [tileText("kept_activations", tile), { data: this.#room(features * count), shape }];
    });
    return Object.fromEntries(rooms);
  }

  #room(length: number): Float32Array<ArrayBuffer> {
    const room = this.#free.pop();
    const whole = room !== undefined && room.length >= length ? room : new Float32Array(length);
    return whole.subarray(0, length);
  }

  /** Gives the sessions' memory back. A session that could not be made has none, and was reported. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const made of await Promise.allSettled(this.#sessions.values())) {
      if (made.status === "fulfilled") await made.value.release();
    }
  }

  /** The session that finds the largest p. */
  #largest(by: TopK["by"], filled: boolean): Promise<OrtSession> {
    return this.#sessionOf(`largest by ${by} ${filled}`, () => buildLargestGraph(by, filled));
  }

  /** The session for a form of activation, made when the first SAE with it comes. */
  #session(
    activation: Activation,
    { also, isByFeature = false, tiles = 1, filled = false, parts = 1 }: {
      also?: readonly ExtraReduction[] | undefined;
      isByFeature?: boolean;
      tiles?: number;
      filled?: boolean;
      parts?: number;
    } = {},
  ): Promise<OrtSession> {
    const form = isRelu(activation) ? "relu" : formOf(activation);
    const reductions = reductionsOf(also);
    const key = `${
      form === "relu" ? form : formKey(form)
    } ${reductions} ${isByFeature} ${tiles} ${filled} ${parts}`;
    const how = {
      reductions,
      isByFeature,
      tiles,
      areFilledUp: filled,
      parts: Math.max(1, parts),
      avoidsCast: !this.#isNative,
    };
    return this.#sessionOf(key, () => buildEncodeGraph(form, how));
  }

  #sessionOf(key: string, build: () => Promise<Uint8Array>): Promise<OrtSession> {
    const session = this.#sessions.get(key) ??
      build().then((graph) => createOrtSession(this.#runtime, graph));
    this.#sessions.set(key, session);
    return session;
  }
}

/** While chunks are at work, the next may be read. */
function readAhead({ rows }: Sae, next: readonly FeatureRange[] | undefined): void {
  if (next === undefined) return;
  const { first, count } = spanOf(next);
  rows.ahead?.(first, count);
}

/** Each of some with each of others. */
function pairs<T, U>(some: readonly T[], others: readonly U[]): [T, U][] {
  return some.flatMap((one) => others.map((other): [T, U] => [one, other]));
}
