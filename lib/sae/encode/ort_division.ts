/**
 * How work is divided into runs of ONNX Runtime.
 *
 * @module
 */
import type { Activation } from "../activation.ts";
import { CHUNK_BYTES, FEATURE_STEP } from "../feature_ranges.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { Sae } from "../sae.ts";
import type { Cutoffs, TopK } from "../top_k.ts";
import type { EncodeTask } from "./encode_task.ts";
import type { QuestionTile } from "./question_tiles.ts";

/** Questions a run: few enough that sums in float32 stay exact to the last digits. */
export const TILE_QUESTIONS = 256;
/**
 * Features a run, at most: few enough that the activations of a tile stay in the caches, and with more
 * threads more, for each has some of its own, and each operator costs a wait for all threads.
 */
const CHUNK_FEATURES = { atLeast: 2048, perThread: 512 } as const;
/**
 * The same in bytes of weights: native code reads them where they are, wasm copies them to its memory,
 * where they are a second time.
 */
const MOST_RUN_BYTES = { native: CHUNK_BYTES / 2, wasm: CHUNK_BYTES / 16 } as const;
/**
 * How much of an encoder is in memory where a file gives few features at the cost of many, in bytes:
 * what is read at once, and the copy of a run's share of it.
 */
const MOST_HELD_BYTES = { native: CHUNK_BYTES / 2, wasm: 5 * CHUNK_BYTES / 16 } as const;
/** How many copies of a run's features there are besides what was read. */
const COPIES = { native: 0, wasm: 1 } as const;
/** Features a run, at least: as many as questions, so that rows are divided among threads. */
export const LEAST_FEATURES: number = TILE_QUESTIONS;

/**
 * How many states a product takes at least where the width is above {@linkcode ADDED_AT_ONCE}: with fewer, ONNX
 * Runtime adds more than that many terms at once, so that a state's features would differ in the last digits
 * with the number of states beside it, and those of prompts that begin alike would be told apart.
 * Source: MlasSgemmOperation() in
 * https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/sgemm.cpp
 */
export const LEAST_STATES = 65;
/** How many terms a product adds at once. */
const ADDED_AT_ONCE = 128;

/** What is encoded, as far as it says whether states are filled up. */
export type Filling = Pick<EncodeTask, "groupSizes" | "areAll"> & {
  readonly sae: Pick<Sae, "width">;
};

/** Whether the states of some tiles are filled up to {@linkcode LEAST_STATES}: not of one that is all there is. */
export function areFilledUp(
  tiles: readonly Pick<QuestionTile, "count">[],
  { sae: { width }, groupSizes, areAll = false }: Filling,
): boolean {
  const isOne = areAll && groupSizes.length === 1 && groupSizes[0]! <= TILE_QUESTIONS;
  return !isOne && width > ADDED_AT_ONCE && tiles.some(({ count }) => count < LEAST_STATES);
}

/** What top-k an activation has; undefined if it has none. */
export function topKOf({ threshold }: Activation): TopK | undefined {
  return typeof threshold === "object" && "k" in threshold ? threshold : undefined;
}

/** A tile of questions with their hidden states, and what top-k comes to of them. */
export interface StatesTile extends QuestionTile {
  /** The hidden states, `[count, width]`. */
  readonly states: Float32Array<ArrayBuffer>;
  /** What top-k comes to, once it is known; undefined without top-k. */
  readonly cutoffs: Cutoffs | undefined;
  /** The tiles that it is made of, each of which is reduced by itself. */
  readonly parts: readonly QuestionTile[];
}

/** So many small tiles are joined, if they are together no larger than a tile may be: each number is a graph. */
const JOINED = [16, 4, 1] as const;

/** Joins small tiles of which products are filled up, as prompts' are that are pooled. */
export function* joinSmall(
  tiles: readonly QuestionTile[],
  filling: Filling,
): Generator<QuestionTile & Pick<StatesTile, "parts">> {
  for (let start = 0; start < tiles.length;) {
    const { segment, first } = tiles[start]!;
    const parts = JOINED.map((most) => tiles.slice(start, start + most)).find((some, i) =>
      some.length === 1 ||
      some.length === JOINED[i] && some.every((tile) => areFilledUp([tile], filling)) &&
        questionsOf(some) <= TILE_QUESTIONS
    )!;
    yield { segment, first, count: questionsOf(parts), parts };
    start += parts.length;
  }
}

function questionsOf(tiles: readonly QuestionTile[]): number {
  return tiles.reduce((sum, { count }) => sum + count, 0);
}

/**
 * Tiles whose hidden states are in memory together. The encoder is read once for all of a block, so
 * that a large one is not read for every tile.
 */
export function* blocksOf(tiles: readonly QuestionTile[], sae: Sae): Generator<QuestionTile[]> {
  const topK = topKOf(sae.activation);
  const questionBytes = 4 * sae.width + (topK === undefined ? 0 : 12 * topK.k); // its heap
  const most = Math.max(1, Math.floor(CHUNK_BYTES / (questionBytes * TILE_QUESTIONS)));
  for (let start = 0; start < tiles.length; start += most) yield tiles.slice(start, start + most);
}

/** Tiles that are computed by one run; those that are left over have one each, and so have joined ones. */
export function* runsOf(tiles: readonly StatesTile[], atOnce: number): Generator<StatesTile[]> {
  for (let i = 0; i < tiles.length;) {
    const some = tiles.slice(i, i + atOnce);
    const isWhole = some.length === atOnce && some.every(({ parts }) => parts.length === 1);
    const run = isWhole ? some : some.slice(0, 1);
    yield run;
    i += run.length;
  }
}

/**
 * Cuts the features into chunks as even as can be, but for the few that are kept after the last. How they are
 * cut changes no result.
 *
 * @param threads How many threads compute.
 * @returns The chunks, those together that are read at once.
 */
export function divideFeatures(
  { sae: { width, featureCount, rows }, kept }: EncodeTask,
  backend: "native" | "wasm",
  threads: number,
): FeatureRange[][] {
  const wanted = Math.max(CHUNK_FEATURES.atLeast, CHUNK_FEATURES.perThread * threads);
  const most = Math.floor(MOST_RUN_BYTES[backend] / (4 * width));
  const atOnce = Math.max(LEAST_FEATURES, Math.min(wanted, most));
  const divided = featureCount - (kept.count < LEAST_FEATURES ? kept.count : 0);
  const count = Math.max(1, Math.ceil(divided / atOnce));
  const firsts = Array.from(
    { length: count },
    (_, i) => FEATURE_STEP * Math.floor(i * divided / count / FEATURE_STEP),
  );
  const chunks = firsts.map((first, i) => {
    return { first, count: (firsts[i + 1] ?? featureCount) - first };
  });
  const fitting = Math.floor(MOST_HELD_BYTES[backend] / (4 * width * atOnce)) - COPIES[backend];
  const together = rows.isEvenlyRead ? 1 : Math.max(1, fitting);
  return Array.from(
    { length: Math.ceil(count / together) },
    (_, i) => chunks.slice(i * together, (i + 1) * together),
  );
}
