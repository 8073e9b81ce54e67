/**
 * Features as a sparse matrix by rows (CSR), in an `.npz` that `scipy.sparse.load_npz` reads. Only
 * what is not 0 is kept, in files until all is known: memory does not grow with the rows.
 *
 * Source: https://docs.scipy.org/doc/scipy/reference/generated/scipy.sparse.save_npz.html
 *
 * @module
 */
import { ScratchFile } from "../files/scratch_file.ts";
import type { ZipMember } from "../files/zip_writer.ts";
import { type ElementType, npyHeader } from "./npy_header.ts";
import { bytesOf } from "./output_file.ts";

/** How many numbers are copied at a time. */
const COPIED_AT_ONCE = 2 ** 20;
/** What a 32-bit index can count to. */
const LARGEST_INT32 = 2 ** 31 - 1;

/** Rows of features that come one after the other. Whoever makes it closes it, by `using`. */
export class SparseFeatures implements Disposable {
  #width: number;
  #values: ScratchFile;
  #columns: ScratchFile;
  /** Where each row ends among all values. */
  #ends: number[] = [0];

  /**
   * Begins without a row.
   *
   * @param width How many features a row has.
   * @param directory Where the files may be.
   * @throws {InputError} If they cannot be made.
   */
  constructor(width: number, directory: string) {
    this.#width = width;
    this.#values = ScratchFile.create(directory);
    try {
      this.#columns = ScratchFile.create(directory);
    } catch (error) {
      this.#values[Symbol.dispose]();
      throw error;
    }
  }

  /** How many values are not 0. */
  get count(): number {
    return this.#ends.at(-1)!;
  }

  /**
   * Adds rows.
   *
   * @param features `[rows, width]`, rows first.
   * @throws {InputError} If they cannot be written.
   */
  add(features: Float32Array): void {
    const before = this.count;
    let found = 0;
    for (let i = 0; i < features.length; i++) if (features[i] !== 0) found++;
    const values = new Float32Array(found);
    const columns = new Int32Array(found);
    let at = 0;
    for (let row = 0; row < features.length; row += this.#width) {
      for (let column = 0; column < this.#width; column++) {
        const value = features[row + column]!;
        if (value === 0) continue;
        values[at] = value;
        columns[at++] = column;
      }
      this.#ends.push(before + at);
    }
    this.#values.write(before, values);
    // The file takes the bits as they are, whatever numbers they are of.
    this.#columns.write(before, new Float32Array(columns.buffer));
  }

  /** The members of the file. */
  *members(): Generator<ZipMember> {
    const { count } = this;
    const rows = this.#ends.length - 1;
    const isLarge = count > LARGEST_INT32;
    const ends = isLarge ? BigInt64Array.from(this.#ends, BigInt) : Int32Array.from(this.#ends);
    const shape = BigInt64Array.of(BigInt(rows), BigInt(this.#width));
    yield member("indices", "<i4", [count], copied(this.#columns, count));
    yield member("indptr", isLarge ? "<i8" : "<i4", [rows + 1], [bytesOf(ends)]);
    yield member("format", "|S3", [], [new TextEncoder().encode("csr")]);
    yield member("shape", "<i8", [2], [bytesOf(shape)]);
    yield member("data", "<f4", [count], copied(this.#values, count));
  }

  /** Removes the files. */
  [Symbol.dispose](): void {
    this.#values[Symbol.dispose]();
    this.#columns[Symbol.dispose]();
  }
}

function member(
  name: string,
  type: ElementType,
  shape: readonly number[],
  elements: Iterable<Uint8Array>,
): ZipMember {
  const pieces = function* () {
    yield npyHeader(type, shape);
    yield* elements;
  };
  return { name: `${name}.npy`, pieces: pieces() };
}

function* copied(file: ScratchFile, count: number): Generator<Uint8Array> {
  for (let start = 0; start < count; start += COPIED_AT_ONCE) {
    yield bytesOf(file.read(start, Math.min(COPIED_AT_ONCE, count - start)));
  }
}
