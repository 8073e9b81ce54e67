/**
 * What the kernel that encodes is told of tiles of questions, and what is taken from what it gives.
 *
 * @module
 */
import type { FeatureRange } from "../feature_rows.ts";
import type { Cutoffs } from "../top_k.ts";
import { TILE_QUESTIONS } from "./tile_product.ts";
import type { QuestionTile } from "./question_tiles.ts";
import { addTile, type Reduction, type Reductions } from "./reductions.ts";

/** How many questions each tile has, then, where there are some, the cutoffs of each place in it. */
export function packTileSizes(
  tiles: readonly QuestionTile[],
  cutoffs: Cutoffs | undefined,
): Uint32Array<ArrayBuffer> {
  const sizes = Uint32Array.from(tiles, (tile) => tile.count);
  if (cutoffs === undefined) return sizes;
  const packed = new Uint32Array(tiles.length * (1 + 2 * TILE_QUESTIONS));
  packed.set(sizes);
  const thresholds = new Uint32Array(cutoffs.thresholds.buffer);
  tiles.forEach(({ first, count }, tile) => {
    const start = tiles.length + tile * 2 * TILE_QUESTIONS;
    for (let row = 0; row < count; row++) {
      packed[start + 2 * row] = thresholds[first + row]!;
      packed[start + 2 * row + 1] = cutoffs.ends[first + row]!;
    }
  });
  return packed;
}

/**
 * Adds what came back from the GPU.
 *
 * @param reductions Which reductions that is, in their order.
 * @param reduced `[reductions, tiles, padded features]`.
 */
export function collectReductions(
  all: Reductions,
  { tiles, range, paddedRows }: {
    tiles: readonly QuestionTile[];
    range: FeatureRange;
    paddedRows: number;
  },
  reductions: readonly Reduction[],
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

/** Puts what is kept, `[tiles, questions of a tile, kept]`, where it belongs. */
export function collectKept(
  keptActivations: Float32Array,
  tiles: readonly QuestionTile[],
  { kept, allKept }: Record<"kept" | "allKept", FeatureRange>,
  activations: Float32Array,
): void {
  if (kept.count === 0) return; // wherever that would be
  tiles.forEach((tile, index) => {
    for (let row = 0; row < tile.count; row++) {
      const from = (index * TILE_QUESTIONS + row) * kept.count;
      const to = (tile.first + row) * allKept.count + kept.first - allKept.first;
      keptActivations.set(activations.subarray(from, from + kept.count), to);
    }
  });
}
