/**
 * The ranks of a feature's activations, of which those at 0 are one tie and are not sorted.
 *
 * @module
 */

import { INFINITE, type KeySort, plainKeySort } from "./key_sort.ts";
import { wasmKeySort } from "./key_sort_wasm.ts";

/** A column is sparse if fewer than one in so many activations is not 0: these alone are gone through then. */
export const SPARSE_ONE_IN = 8;

/** Ranks one column after the other; what it says holds until the next. */
export class ColumnRanks {
  /** How many activations of the column are not 0. */
  nonzeroCount = 0;
  /** How many of them are below 0. */
  negativeCount = 0;
  /** Whether two of them are equal. */
  hasTies = false;
  /** Where these are few: the places of the sorted questions whose activation is that of the one before, ascending. */
  ties: ArrayLike<number> | undefined;
  /** How many activations are 0. */
  zeroCount = 0;
  /** Twice the midrank of those at 0. */
  zeroRank = 0;
  /** The questions whose activation is not 0, by ascending activation. */
  questions: Int32Array<ArrayBuffer>;
  readonly #sort: KeySort;

  /**
   * Makes room for columns of so many questions.
   *
   * @param isPlain Whether to do without WebAssembly, which changes nothing.
   */
  constructor(questionCount: number, isPlain = false) {
    this.#sort = (isPlain ? undefined : wasmKeySort(questionCount)) ?? plainKeySort(questionCount);
    this.questions = new Int32Array(0);
  }

  /**
   * The keys of the questions whose activation is not 0, which ascend with the activation and are equal where it
   * is. Where there are no ties, hardly anyone asks for them.
   */
  get keys(): Int32Array<ArrayBuffer> {
    return this.#sort.keys();
  }

  /**
   * Ranks a column.
   *
   * @param column The activations.
   * @throws {RangeError} If an activation is NaN.
   */
  rank(column: Float32Array): void {
    const sort = this.#sort;
    sort.column.set(column);
    const read = sort.read();
    const { count, negative, largest } = read;
    if (largest > INFINITE) {
      const question = column.findIndex(Number.isNaN);
      throw new RangeError(`Cannot rank activations: that of question ${question} is NaN`);
    }
    this.nonzeroCount = count;
    this.negativeCount = negative;
    this.zeroCount = column.length - count;
    this.zeroRank = 2 * negative + this.zeroCount + 1;
    ({ questions: this.questions, hasTies: this.hasTies, ties: this.ties } = sort.sort(read));
  }
}
