/**
 * What is kept of the activations: per relation and feature their sum, their maximum, and how often
 * they are above the threshold.
 *
 * @module
 */

/** Sums over the questions of each relation. Matrices are `[relations, features]`, rows first. */
export interface Reductions {
  /** How many questions each relation has. */
  readonly groupSizes: readonly number[];
  /** How many features there are. */
  readonly featureCount: number;
  /** The sum of each feature's activations, in float64. */
  readonly sums: Float64Array<ArrayBuffer>;
  /** The greatest activation of each feature. */
  readonly maxima: Float32Array<ArrayBuffer>;
  /** How often each feature's activation is above the threshold. */
  readonly counts: Uint32Array<ArrayBuffer>;
}

/** Neighbouring questions of one relation that are reduced together. */
export interface QuestionTile {
  /** The relation's position among the groups. */
  readonly group: number;
  /** The first question. */
  readonly first: number;
  /** How many questions. */
  readonly count: number;
}

/**
 * Cuts groups of questions into tiles, none of which holds questions of two groups.
 *
 * @param groupSizes How many questions each group has; the groups follow each other.
 * @param tileSize The most questions a tile may have.
 */
export function tileQuestions(groupSizes: readonly number[], tileSize: number): QuestionTile[] {
  const tiles: QuestionTile[] = [];
  let groupStart = 0;
  groupSizes.forEach((size, group) => {
    for (let start = 0; start < size; start += tileSize) {
      tiles.push({ group, first: groupStart + start, count: Math.min(tileSize, size - start) });
    }
    groupStart += size;
  });
  return tiles;
}

/** Reductions without any question yet. */
export function emptyReductions(groupSizes: readonly number[], featureCount: number): Reductions {
  const cells = groupSizes.length * featureCount;
  return {
    groupSizes,
    featureCount,
    sums: new Float64Array(cells),
    maxima: new Float32Array(cells).fill(-Infinity),
    counts: new Uint32Array(cells),
  };
}

/** What a backend found for one tile of questions and a run of features. */
export interface TileReductions {
  /** The relation's position among the groups. */
  readonly group: number;
  /** The number of the first feature. */
  readonly firstFeature: number;
  /** The sum of each feature's activations. */
  readonly sums: Float32Array;
  /** The greatest activation of each feature. */
  readonly maxima: Float32Array;
  /** How often each feature is above the threshold: whole numbers. */
  readonly counts: Float32Array;
}

/**
 * Adds a tile to the reductions, in float64. Tiles are added in a fixed order, so that the same
 * inputs give the same bytes.
 */
export function addTile(reductions: Reductions, tile: TileReductions): void {
  const start = tile.group * reductions.featureCount + tile.firstFeature;
  for (let i = 0; i < tile.sums.length; i++) {
    const cell = start + i;
    reductions.sums[cell]! += tile.sums[i]!;
    reductions.counts[cell]! += tile.counts[i]!;
    if (tile.maxima[i]! > reductions.maxima[cell]!) reductions.maxima[cell] = tile.maxima[i]!;
  }
}
