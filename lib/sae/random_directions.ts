/**
 * Random directions, the same again with the same seed.
 *
 * @module
 */
import { NormalDraws } from "../stats/normal_draws.ts";

/** Streams of random numbers of neighbouring features begin so far apart. */
const SEED_STEP = 0x9e3779b1;
/** Those of another stream begin so far from those of the one before. */
const STREAM_STEP = 0x85ebca6b;

interface Drawn {
  readonly direction: Float64Array;
  readonly length: number;
}

/**
 * Draws directions, each as likely. They are kept: the SAEs of a run have the same ones, and drawing them
 * takes longer than encoding with them.
 */
export class RandomDirections {
  readonly #seed: number;
  /** By width and stream, those of the features from 0 on. */
  readonly #drawn = new Map<string, Drawn[]>();

  /**
   * Draws nothing yet.
   *
   * @param seed A whole number from 0 to 2³² − 1.
   */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * Rows of given lengths, one a feature. The direction of a feature depends on its place, the width and the
   * stream alone.
   *
   * @param norms The length of each row.
   * @param stream Rows that stand beside others, such as those of a second product, are of another. Default: 0.
   * @returns `[norms, width]`.
   */
  rows(norms: ArrayLike<number>, width: number, stream: number = 0): Float32Array<ArrayBuffer> {
    const drawn = this.#drawn.getOrInsert(`${width} ${stream}`, []);
    const seed = this.#seed + Math.imul(stream, STREAM_STEP);
    const rows = new Float32Array(norms.length * width);
    for (let feature = 0; feature < norms.length; feature++) {
      const { direction, length } = drawn[feature] ??= draw(
        seed + Math.imul(feature, SEED_STEP) >>> 0,
        width,
      );
      const factor = norms[feature]! / length;
      const start = feature * width;
      for (let k = 0; k < width; k++) rows[start + k] = factor * direction[k]!;
    }
    return rows;
  }
}

function draw(seed: number, width: number): Drawn {
  const draws = new NormalDraws(seed);
  const direction = new Float64Array(width);
  for (let k = 0; k < width; k++) direction[k] = draws.next();
  return { direction, length: lengthOf(direction) };
}

/** The length of a vector: the root of the sum of its squares. */
export function lengthOf(vector: Float32Array | Float64Array): number {
  let squares = 0;
  for (let k = 0; k < vector.length; k++) squares += vector[k]! * vector[k]!;
  return Math.sqrt(squares);
}
