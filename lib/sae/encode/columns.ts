/**
 * The activations of all questions, feature after feature: for statistics that need them side by side,
 * such as ranks. They come some features at a time, so that nobody holds all of them.
 *
 * @module
 */
import type { FeatureRange } from "../feature_rows.ts";
import { FEATURE_STEP } from "../feature_ranges.ts";

/** The activations of neighbouring features for all questions. */
export interface FeatureColumns extends FeatureRange {
  /** How many questions there are; they stand in the order of the hidden states. */
  readonly questions: number;
  /** The activations, `[count, questions]`: those of the first feature, then those of the next. */
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * A reduction that is handed all activations, some features at a time, the first features first. The
 * next ones are handed over once it is done, and computed then, too, or by threads meanwhile; the values
 * are its own.
 */
export type ColumnsReduction = (columns: FeatureColumns) => void | Promise<void>;

/** Gives room for so many activations: an array with a buffer of its own, whatever it holds. */
export type ColumnRoom = (length: number) => Float32Array<ArrayBuffer>;

/** How many bytes of activations are computed at a time, at most, but for those of 16 features. */
export const COLUMN_BYTES: number = 32 * 2 ** 20;
/** How many bytes of activations of such a run are handed over in one piece. */
const PIECE_BYTES = 2 * 2 ** 20;

/**
 * Cuts the features of an SAE into runs whose activations for all questions fit together.
 *
 * @param bytes Default: {@linkcode COLUMN_BYTES}.
 */
export function* columnRuns(
  featureCount: number,
  questions: number,
  bytes: number = COLUMN_BYTES,
): Generator<FeatureRange> {
  const steps = Math.floor(bytes / (4 * Math.max(1, questions) * FEATURE_STEP));
  const most = FEATURE_STEP * Math.max(1, steps);
  for (let first = 0; first < featureCount; first += most) {
    yield { first, count: Math.min(most, featureCount - first) };
  }
}

/** Where activations belong. */
export interface ColumnPlace {
  /** The first feature, counted from the run's. */
  readonly feature: number;
  /** The first question. */
  readonly question: number;
  /** How many questions. */
  readonly many: number;
}

/** The columns of a run of features while a backend fills them. */
export class ColumnPieces {
  /**
   * The columns, a few features at a time, each with a buffer of its own: it can be handed to another thread
   * and nothing is copied.
   */
  readonly pieces: readonly FeatureColumns[];
  readonly #questions: number;
  /** How many features a piece has, but for the last. */
  readonly #atOnce: number;

  /**
   * Makes room.
   *
   * @param room Gives room for so many activations, all of which are written. Default: new memory.
   */
  constructor(
    { first, count }: FeatureRange,
    questions: number,
    room: ColumnRoom = (length) => new Float32Array(length),
  ) {
    const ranges = [...columnRuns(count, questions, PIECE_BYTES)];
    this.pieces = ranges.map((range) => ({
      first: first + range.first,
      count: range.count,
      questions,
      values: room(range.count * questions),
    }));
    this.#questions = questions;
    this.#atOnce = ranges[0]?.count ?? 1;
  }

  /**
   * Takes activations of neighbouring features for neighbouring questions.
   *
   * @param values `[features, questions]`.
   */
  put(values: Float32Array<ArrayBuffer>, { feature, question, many }: ColumnPlace): void {
    const length = values.length / many;
    for (let i = 0; i < length;) {
      const piece = Math.floor((feature + i) / this.#atOnce);
      const own = feature + i - piece * this.#atOnce;
      const count = Math.min(length - i, this.#atOnce - own);
      const some = values.subarray(i * many, (i + count) * many);
      const { values: into } = this.pieces[piece]!;
      copyRows(some, many, into.subarray(own * this.#questions + question), this.#questions);
      i += count;
    }
  }
}

/**
 * Copies rows to where they lie farther apart. Two numbers are copied at a time where they allow it, which takes
 * half as long as a view of each row does.
 */
function copyRows(
  from: Float32Array<ArrayBuffer>,
  width: number,
  into: Float32Array<ArrayBuffer>,
  stride: number,
): void {
  if (width === stride) return into.set(from);
  const isEven = [width, stride, from.byteOffset / 4, into.byteOffset / 4]
    .every((each) => each % 2 === 0);
  if (!isEven) {
    for (let at = 0, to = 0; at < from.length; at += width, to += stride) {
      into.set(from.subarray(at, at + width), to);
    }
    return;
  }
  const pairs = new Float64Array(from.buffer, from.byteOffset, from.length / 2);
  const places = new Float64Array(into.buffer, into.byteOffset, into.length >> 1);
  const half = width / 2;
  const apart = stride / 2;
  for (let at = 0, to = 0; at < pairs.length; at += half, to += apart) {
    for (let k = 0; k < half; k++) places[to + k] = pairs[at + k]!;
  }
}
