/**
 * How questions are divided: into segments, whose activations are reduced together, and these into
 * tiles, which a device takes at a time.
 *
 * @module
 */

/** Neighbouring questions of one segment that a device reduces together. */
export interface QuestionTile {
  /** The number of the segment. */
  readonly segment: number;
  /** The first question. */
  readonly first: number;
  /** How many questions. */
  readonly count: number;
}

/** How questions are divided into segments. */
export interface Segmentation {
  /** How many questions each group has; the groups follow each other. */
  readonly groupSizes: readonly number[];
  /**
   * The segment that each group is a part of: a relation, a person, a template; counted from 0.
   * Default: each group is a segment of its own.
   */
  readonly segments?: readonly number[] | undefined;
}

/**
 * Cuts groups of questions into tiles, none of which holds questions of two groups. A tile is what is
 * added up in float32: where work is divided among processes, cuts between tiles change no result.
 *
 * @param tileSize The most questions a tile may have.
 */
export function tileQuestions(
  { groupSizes, segments }: Segmentation,
  tileSize: number,
): QuestionTile[] {
  const tiles: QuestionTile[] = [];
  let groupStart = 0;
  groupSizes.forEach((size, group) => {
    const segment = segments?.[group] ?? group;
    for (let start = 0; start < size; start += tileSize) {
      tiles.push({ segment, first: groupStart + start, count: Math.min(tileSize, size - start) });
    }
    groupStart += size;
  });
  return tiles;
}

/** How many questions each segment has. */
export function segmentSizes({ groupSizes, segments }: Segmentation): number[] {
  if (segments === undefined) return [...groupSizes];
  const sizes = new Array<number>(
    segments.reduce((most, segment) => Math.max(most, segment), -1) + 1,
  )
    .fill(0);
  groupSizes.forEach((size, group) => sizes[segments[group]!]! += size);
  return sizes;
}
