/**
 * One pass over the numbers of a matrix as they are read, while they are in the caches: whether all
 * are finite, which is the greatest, and what its rows make of some vectors.
 *
 * @module
 */
import { greatestMagnitude } from "../tensors/magnitude.ts";
import { NotFiniteError } from "../tensors/stored_tensor.ts";
import { growTo } from "../wasm/grow_memory.ts";
import {
  PAIR_BYTES,
  ROWS_AT_ONCE,
  type WeightPassCode,
  weightPassCode,
} from "./weight_pass_wasm.ts";

/** How much is read at a time, in bytes: it stays in the caches of a core. */
const ROOM_BYTES = 2 ** 20;
/** How many bytes a float32 takes. */
const FLOAT_BYTES = 4;

/** Which matrix passes. */
export interface PassedMatrix {
  /** How many rows it has. */
  readonly rows: number;
  /** How many numbers a row has. */
  readonly columns: number;
  /** The vectors whose products with all rows are wanted, `[columns]` each. Default: none. */
  readonly vectors?: readonly Float64Array[] | undefined;
}

/** Two vectors, and the sums that their products with the rows come to; all as addresses. */
interface Pair {
  /** The columns in which one of the vectors is not 0, ascending. */
  readonly active: Int32Array;
  readonly columns: number;
  readonly pairs: number;
  readonly sums: number;
}

/** One pass over a matrix. Whoever begins one ends it, by `using`. */
export class WeightPass implements Disposable {
  /** Those that ended; their memory is used again. */
  static readonly #ended: WeightPassCode[] = [];
  readonly #code: WeightPassCode;
  readonly #matrix: PassedMatrix;
  readonly #pairs: readonly Pair[];
  #seen = 0;
  #notFinite: { readonly value: number; readonly position: number } | undefined;
  /** The greatest magnitude so far; NaN if a number was none. */
  greatest = 0;

  /** Begins a pass. */
  constructor(matrix: PassedMatrix) {
    this.#code = WeightPass.#ended.pop() ?? weightPassCode(ROOM_BYTES + PAIR_BYTES);
    this.#matrix = matrix;
    this.#pairs = this.#layOut();
  }

  /** Where numbers are put for them to be seen. */
  get room(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#code.memory.buffer as ArrayBuffer, 0, ROOM_BYTES);
  }

  /**
   * Sees the next numbers of the matrix, rows first.
   *
   * @param values They lie at the beginning of the room.
   */
  see(values: Float32Array): void {
    const greatest = this.#greatestOf(values);
    if (!Number.isFinite(greatest) && this.#notFinite === undefined) {
      const at = values.findIndex((value) => !Number.isFinite(value));
      this.#notFinite = { value: values[at]!, position: this.#seen + at };
    }
    this.greatest = Math.max(this.greatest, greatest);
    for (const pair of this.#pairs) this.#addProducts(pair, values.length);
    this.#seen += values.length;
  }

  /**
   * Makes sure that no number was NaN or infinite.
   *
   * @param what What the numbers are, for the message.
   * @throws {NotFiniteError} Naming the first offender and its position.
   */
  checkFinite(what: string): void {
    if (this.#notFinite === undefined) return;
    const { value, position } = this.#notFinite;
    throw new NotFiniteError(what, value, position);
  }

  /**
   * The products of all rows with each vector, `[rows]`, in float64. Each is added up from the first
   * column to the last, so that it is the same number as any other loop in that order gives.
   */
  get products(): Float64Array[] {
    const { vectors = [], rows } = this.#matrix;
    return vectors.map((_, i) => {
      const { sums } = this.#pairs[Math.floor(i / 2)]!;
      const both = new Float64Array(this.#code.memory.buffer, sums, 2 * rows);
      return Float64Array.from({ length: rows }, (_, row) => both[2 * row + i % 2]!);
    });
  }

  /** Ends it: its memory becomes that of the next one. */
  [Symbol.dispose](): void {
    WeightPass.#ended.push(this.#code);
  }

  /** Puts the vectors behind the room, two by two, and makes place for sums. */
  #layOut(): Pair[] {
    const { rows, columns, vectors = [] } = this.#matrix;
    const pairs: Pair[] = [];
    let end = ROOM_BYTES + PAIR_BYTES; // behind the lanes of the greatest
    for (let i = 0; i < vectors.length; i += 2) {
      const [one, other] = [vectors[i]!, vectors[i + 1]];
      // A product with 0 changes no sum.
      const active = Int32Array.from(
        [...Array(columns).keys()].filter((column) => one[column] !== 0 || other?.[column]),
      );
      const place = {
        sums: end,
        pairs: end + PAIR_BYTES * rows,
        columns: end + PAIR_BYTES * (rows + active.length),
      };
      end = place.columns + PAIR_BYTES * Math.ceil(active.length / 4);
      growTo(this.#code.memory, end);
      const { buffer } = this.#code.memory;
      new Float64Array(buffer, place.sums, 2 * rows).fill(0);
      const both = new Float64Array(buffer, place.pairs, 2 * active.length);
      const offsets = new Int32Array(buffer, place.columns, active.length);
      active.forEach((column, k) => {
        both[2 * k] = one[column]!;
        both[2 * k + 1] = other?.[column] ?? 0;
        offsets[k] = FLOAT_BYTES * column;
      });
      pairs.push({ active, ...place });
    }
    return pairs;
  }

  #greatestOf(values: Float32Array): number {
    const [memory, even] = [this.#code.memory, values.length - values.length % 4];
    const lanes = new Float32Array(memory.buffer, ROOM_BYTES, 4).fill(0);
    this.#code.greatest(0, FLOAT_BYTES * even, ROOM_BYTES);
    return Math.max(greatestMagnitude(lanes), greatestMagnitude(values.subarray(even)));
  }

  /** Adds the products of so many numbers in the room, which may begin and end within rows. */
  #addProducts(pair: Pair, count: number): void {
    const { columns: length } = this.#matrix;
    const rowBytes = FLOAT_BYTES * length;
    for (let at = 0; at < count;) {
      const row = Math.floor((this.#seen + at) / length);
      const column = this.#seen + at - row * length;
      const isFour = column === 0 && count - at >= ROWS_AT_ONCE * length;
      const end = isFour ? length : Math.min(length, column + count - at);
      const [from, to] = [firstFrom(pair.active, column), firstFrom(pair.active, end)];
      const add = isFour ? this.#code.addFour : this.#code.addOne;
      add(
        pair.columns + 4 * from,
        pair.columns + 4 * to,
        pair.pairs + PAIR_BYTES * from,
        FLOAT_BYTES * (at - column),
        rowBytes,
        pair.sums + PAIR_BYTES * row,
      );
      at += isFour ? ROWS_AT_ONCE * length : end - column;
    }
  }
}

/** The position of the first of ascending numbers that is not below another. */
function firstFrom(ascending: Int32Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
