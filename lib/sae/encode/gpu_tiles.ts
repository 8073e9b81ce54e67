/**
 * What the kernel that encodes is told of tiles of questions, and what is taken from what it gives.
 *
 * @module
 */
import type { Gpu } from "../../compute/gpu.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { Cutoffs } from "../top_k.ts";
import type { ColumnPieces } from "./columns.ts";
import type { Encoded } from "./encoder.ts";
import { putKept } from "./kept_features.ts";
import { TILE_QUESTIONS } from "./tile_product.ts";
import type { QuestionTile } from "./question_tiles.ts";
import { addTile, type Reduction, type Reductions } from "./reductions.ts";

/**
 * How many questions each tile has; which of their questions is its first; then, where there are some,
 * the cutoffs of each place in it.
 *
 * @param tiles Neighbours, in order.
 */
export function packTileSizes(
  tiles: readonly QuestionTile[],
  cutoffs: Cutoffs | undefined,
): Uint32Array<ArrayBuffer> {
  const places = cutoffs === undefined ? 0 : 2 * TILE_QUESTIONS;
  const packed = new Uint32Array(tiles.length * (2 + places));
  const start = tiles[0]?.first ?? 0;
  tiles.forEach(({ first, count }, tile) => {
    packed[tile] = count;
    packed[tiles.length + tile] = first - start;
  });
  if (cutoffs === undefined) return packed;
  const thresholds = new Uint32Array(cutoffs.thresholds.buffer);
  tiles.forEach(({ first, count }, tile) => {
    const start = 2 * tiles.length + tile * places;
    for (let row = 0; row < count; row++) {
      packed[start + 2 * row] = thresholds[first + row]!;
      packed[start + 2 * row + 1] = cutoffs.ends[first + row]!;
    }
  });
  return packed;
}

/** The questions of tiles that are neighbours, in order. */
export function questionsOf(tiles: readonly QuestionTile[]): { first: number; count: number } {
  const [start, end] = [tiles[0]!, tiles.at(-1)!];
  return { first: start.first, count: end.first + end.count - start.first };
}

/** What was encoded at a time. */
export interface GpuChunk {
  /** The questions. */
  readonly tiles: readonly QuestionTile[];
  /** The features. */
  readonly range: FeatureRange;
  /** How many the GPU had them padded to. */
  readonly paddedRows: number;
  /** What they were reduced to, in order. */
  readonly reductions: readonly Reduction[];
  /** Those of the features that were kept for every question. */
  readonly kept: FeatureRange;
}

/** Where that belongs. */
export interface GpuResults {
  /** Reductions and activations of all questions and features. */
  readonly encoded: Encoded;
  /** The features of these activations. */
  readonly allKept: FeatureRange;
  /** Where activations go instead, feature after feature. */
  readonly into?: ColumnPieces | undefined;
}

/**
 * Puts what a GPU wrote where it belongs. Columns are copied from mapped memory into their pieces, and nowhere
 * else on the way.
 *
 * @param buffers `reduced`: `[reductions, tiles, padded features]`; `kept`: `[questions, kept]`, or
 * `[kept, questions]` of columns.
 * @throws {InputError} If the device failed.
 */
export async function collectChunk(
  gpu: Gpu,
  buffers: Record<"reduced" | "kept", GPUBuffer>,
  chunk: GpuChunk,
  { encoded, allKept, into }: GpuResults,
): Promise<void> {
  const { tiles, paddedRows, reductions, kept } = chunk;
  const { first: question, count: many } = questionsOf(tiles);
  if (into === undefined) {
    const [reduced, activations] = await gpu.read([buffers.reduced, buffers.kept]);
    collectReductions(encoded.reductions, chunk, reduced!);
    const own = activations!.subarray(0, many * kept.count); // the least buffer is longer
    const place = { firstQuestion: question, part: kept, kept: allKept };
    return putKept(encoded.keptActivations, own, place);
  }
  const length = reductions.length * tiles.length * paddedRows;
  await gpu.readPieces([
    {
      buffer: buffers.reduced,
      length,
      rowLength: length,
      take: (reduced) => collectReductions(encoded.reductions, chunk, reduced),
    },
    {
      buffer: buffers.kept,
      length: many * kept.count,
      rowLength: many,
      take: (activations, start) =>
        into.put(activations, { feature: kept.first + start / many, question, many }),
    },
  ]);
}

/** Adds what the GPU reduced. */
function collectReductions(
  all: Reductions,
  { tiles, range, paddedRows, reductions }: GpuChunk,
  reduced: Float32Array,
): void {
  tiles.forEach(({ segment, first }, tile) => {
    addTile(all, { segment, first, firstFeature: range.first }, (name) => {
      const position = reductions.indexOf(name);
      const start = (position * tiles.length + tile) * paddedRows;
      return position < 0 ? undefined : reduced.subarray(start, start + range.count);
    });
  });
}
