/**
 * The moments of several parts together.
 *
 * @module
 */

/** How many parts, and for each of them: how many values it has, their mean, a distance, and squares. */
export class MergedMoments {
  /** How many values. */
  readonly n: Float64Array<ArrayBuffer>;
  /** Their mean. */
  readonly means: Float64Array<ArrayBuffer>;
  /** The mean less a number near it, which is known to more digits. */
  readonly distances: Float64Array<ArrayBuffer>;
  /** The sum of squared deviations. */
  readonly squares: Float64Array<ArrayBuffer>;

  /** Makes room for so many parts, which have no values yet. */
  constructor(count: number) {
    const room = () => new Float64Array(count);
    this.n = room();
    this.means = room();
    this.distances = room();
    this.squares = room();
  }

  /** Makes a part of no values. */
  clear(part: number): void {
    this.n[part] = 0;
    this.means[part] = 0;
    this.distances[part] = 0;
    this.squares[part] = 0;
  }

  /** Makes a part of two together (Chan, Golub and LeVeque 1983); it may be one of them. */
  merge(part: number, one: number, other: number): void {
    const { n, means, distances, squares } = this;
    const total = n[one]! + n[other]!;
    const share = total === 0 ? 0 : n[other]! / total;
    const gap = distances[other]! - distances[one]!;
    squares[part] = squares[one]! + squares[other]! + gap * gap * share * n[one]!;
    means[part] = means[one]! + (means[other]! - means[one]!) * share;
    distances[part] = distances[one]! + gap * share;
    n[part] = total;
  }
}

/** The moments in each group, and outside of it: a number a group each. */
export interface InAndOut {
  /** The mean in the group. */
  readonly meanIn: Float64Array<ArrayBuffer>;
  /** The mean outside. */
  readonly meanOut: Float64Array<ArrayBuffer>;
  /** The sum of squared deviations from the mean in the group. */
  readonly squaresIn: Float64Array<ArrayBuffer>;
  /** The same outside. */
  readonly squaresOut: Float64Array<ArrayBuffer>;
}

/**
 * Writes the moments outside of each group: of those before it, merged one by one, and those after it.
 *
 * @param parts Room for twice as many parts as there are groups, and two.
 * @param distances The mean of each group, less a number near all of them.
 */
export function mergeOutside(
  parts: MergedMoments,
  groupSizes: Int32Array,
  distances: Float64Array,
  { meanIn, meanOut, squaresIn, squaresOut }: InAndOut,
): void {
  const groupCount = groupSizes.length;
  // First the groups; then, for each of them, all before it; then all after one, and all others than it.
  const before = groupCount;
  const after = 2 * groupCount;
  const outside = after + 1;
  parts.clear(before);
  parts.clear(after);
  for (let group = 0; group < groupCount; group++) {
    parts.n[group] = groupSizes[group]!;
    parts.means[group] = meanIn[group]!;
    parts.distances[group] = distances[group]!;
    parts.squares[group] = squaresIn[group]!;
    if (group + 1 < groupCount) parts.merge(before + group + 1, before + group, group);
  }
  for (let group = groupCount - 1; group >= 0; group--) {
    parts.merge(outside, before + group, after);
    meanOut[group] = parts.means[outside]!;
    squaresOut[group] = parts.squares[outside]!;
    parts.merge(after, after, group);
  }
}
