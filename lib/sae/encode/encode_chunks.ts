/**
 * How much a GPU encodes at a time, and what it is sent for it.
 *
 * @module
 */
import type { Rows } from "../../files/rows.ts";
import { MOST_BINS } from "./select_kernel.ts";
import { TILE_QUESTIONS } from "./tile_product.ts";
import type { QuestionTile } from "./question_tiles.ts";
import { formOf, isTopK } from "../activation.ts";
import type { FeatureRange } from "../feature_rows.ts";
import { type ExtraReduction, reductionsOf } from "./reductions.ts";
import type { Sae } from "../sae.ts";
import { CHUNK_BYTES } from "../feature_ranges.ts";
import { TRANSPOSE_BLOCK } from "./transpose.ts";

/** What the depth is padded to: a whole number of steps of every tile. */
const DEPTH_STEP = 32;
/** The most workgroups along a side of a grid: WebGPU's limit everywhere. */
const MAX_WORKGROUPS = 65535;

/** How many pieces a chunk is sent in: a few are there besides, copies and what is under way. */
const PIECES = 16;

/**
 * The largest buffer, in bytes, unless memory is short. Where the GPU is a program on the CPU, its
 * memory is the process's, and smaller chunks are computed as fast.
 */
export function usualChunkBytes({ isSoftware }: { readonly isSoftware: boolean }): number {
  return isSoftware ? CHUNK_BYTES / 4 : CHUNK_BYTES;
}

/** How much of a chunk is read and sent at a time, in bytes. */
export function pieceBytesOf(chunkBytes: number): number {
  return chunkBytes / PIECES;
}

/** How much is encoded at a time. */
export interface ChunkSizes {
  /** Features: a multiple of a tile. */
  readonly features: number;
  /** Tiles of questions. */
  readonly tiles: number;
}

/** The largest chunks for which no buffer and no grid of workgroups is too large. */
export function planChunks(
  { sae: { width, featureCount, activation }, kept, also }: {
    sae: Pick<Sae, "width" | "featureCount" | "activation">;
    kept: FeatureRange;
    also?: readonly ExtraReduction[] | undefined;
  },
  chunkBytes: number,
  tileFeatures: number,
): ChunkSizes {
  const rowBytes = 4 * paddedWidth(width);
  // weights and hidden states as they are sent, and the grid of the transposing shader
  const rows = Math.min(
    Math.floor(chunkBytes / rowBytes),
    MAX_WORKGROUPS * TRANSPOSE_BLOCK,
  );
  const wanted = Math.min(roundDown(rows, tileFeatures), roundUp(featureCount, tileFeatures));
  const features = Math.max(tileFeatures, wanted);
  const bins = isTopK(formOf(activation)) ? MOST_BINS : 0;
  const keptAtOnce = Math.max(kept.count, bins);
  const reduced = reductionsOf(also).length * features;
  const tiles = Math.min(
    Math.floor(rows / TILE_QUESTIONS),
    // what comes back
    Math.floor(chunkBytes / (4 * Math.max(reduced, TILE_QUESTIONS * keptAtOnce))),
    MAX_WORKGROUPS,
  );
  return { features, tiles: Math.max(1, tiles) };
}

/** The features that two ranges share; none at the end of the first if they share none. */
export function shared(a: FeatureRange, b: FeatureRange): FeatureRange {
  const first = Math.min(a.first + a.count, Math.max(a.first, b.first));
  const end = Math.max(first, Math.min(a.first + a.count, b.first + b.count));
  return { first, count: end - first };
}

/** The hidden states of tiles, each tile beginning at a multiple of its full size. */
export function packTiles(
  hidden: Rows,
  tiles: readonly QuestionTile[],
): Float32Array<ArrayBuffer> {
  const tileLength = TILE_QUESTIONS * hidden.width;
  const packed = new Float32Array(tiles.length * tileLength);
  tiles.forEach(({ first, count }, tile) => {
    packed.set(hidden.read(first, count), tile * tileLength);
  });
  return packed;
}

/** The width of hidden states as the kernel goes through it. */
export function paddedWidth(width: number): number {
  return roundUp(width, DEPTH_STEP);
}

/** The next multiple of a step. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

function roundDown(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
