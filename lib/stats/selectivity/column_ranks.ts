/**
 * The ranks of a feature's activations, of which those at 0 are one tie and are not sorted.
 *
 * @module
 */

import { DIGIT_BITS, FEW, INFINITE, type KeySort, LONGEST_WAY, plainKeySort } from "./key_sort.ts";
import { wasmKeySort } from "./key_sort_wasm.ts";

/** Keys are numbers of so many bits. */
const KEY_BITS = 32;

/** Ranks one column after the other; what it says holds until the next. */
export class ColumnRanks {
  /** How many activations of the column are not 0. */
  nonzeroCount = 0;
  /** How many of them are below 0. */
  negativeCount = 0;
  /** Whether two of them are equal. */
  hasTies = false;
  /** How many activations are 0. */
  zeroCount = 0;
  /** Twice the midrank of those at 0. */
  zeroRank = 0;
  /** The questions whose activation is not 0, by ascending activation. */
  readonly questions: Int32Array<ArrayBuffer>;
  /** The keys of these, which ascend with the activation and are equal where it is. */
  readonly keys: Int32Array<ArrayBuffer>;
  readonly #sort: KeySort;

  /**
   * Makes room for columns of so many questions.
   *
   * @param isPlain Whether to do without WebAssembly, which changes nothing.
   */
  constructor(questionCount: number, isPlain = false) {
    this.#sort = (isPlain ? undefined : wasmKeySort(questionCount)) ?? plainKeySort(questionCount);
    this.questions = this.#sort.questions;
    this.keys = this.#sort.keys;
  }

  /**
   * Ranks a column.
   *
   * @param bits The activations' bits.
   * @throws {RangeError} If an activation is NaN.
   */
  rank(bits: Int32Array): void {
    const sort = this.#sort;
    sort.bits.set(bits);
    const { count, negative, lowest, highest, largest } = sort.read();
    if (largest > INFINITE) {
      const question = bits.findIndex((value) => (value & 0x7fffffff) > INFINITE);
      throw new RangeError(`Cannot rank activations: that of question ${question} is NaN`);
    }
    this.nonzeroCount = count;
    this.negativeCount = negative;
    this.zeroCount = bits.length - count;
    this.zeroRank = 2 * negative + this.zeroCount + 1;
    this.#order(count, { lowest, highest });
    this.hasTies = sort.hasTies(count);
  }

  #order(count: number, { lowest, highest }: { lowest: number; highest: number }): void {
    const sort = this.#sort;
    if (count < FEW) {
      sort.insert(count, Infinity);
      return;
    }
    // Mostly the leading digits of the keys alone put all in order but for a few neighbours.
    sort.lead(count, lowest, KEY_BITS - Math.clz32(highest - lowest));
    if (sort.insert(count, LONGEST_WAY * count)) return;
    // Else by all digits, the lower ones first: equal digits stay in order.
    sort.distribute(count, lowest, 0);
    sort.distribute(count, lowest, 2 * DIGIT_BITS);
  }
}
