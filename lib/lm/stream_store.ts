/**
 * Keeps the residual stream of all nodes between two stages of a decoder: in memory, or beyond a
 * bound in a file.
 *
 * @module
 */
import { ScratchFile } from "../files/scratch_file.ts";

/** How large a stream is, and where it may lie. */
export interface StreamStoreOptions {
  /** How many nodes there are. */
  readonly nodes: number;
  /** The width of a row (d_model). */
  readonly width: number;
  /** The directory for a file. Default: none, everything stays in memory. */
  readonly scratchDirectory?: string | undefined;
  /** From how many bytes on a file is used, if there is a directory for it. Default: 128 MiB. */
  readonly maxBytes?: number | undefined;
}

const MAX_BYTES = 128 * 2 ** 20;

/**
 * Rows `[nodes, d_model]`, each overwritten by the next stage. Whoever makes it closes it, by `using`.
 */
export class StreamStore implements Disposable {
  #width: number;
  #rows: Float32Array<ArrayBuffer> | undefined;
  #file: ScratchFile | undefined;

  /**
   * Makes an empty store.
   *
   * @throws {InputError} If it needs a file that cannot be made.
   */
  constructor({ nodes, width, scratchDirectory, maxBytes = MAX_BYTES }: StreamStoreOptions) {
    this.#width = width;
    if (scratchDirectory !== undefined && nodes * width * 4 > maxBytes) {
      this.#file = ScratchFile.create(scratchDirectory);
    } else {
      this.#rows = new Float32Array(nodes * width);
    }
  }

  /**
   * Keeps rows from the node `first` on.
   *
   * @throws {InputError} If the file cannot be written.
   */
  write(first: number, rows: Float32Array<ArrayBuffer>): void {
    if (this.#file === undefined) this.#rows!.set(rows, first * this.#width);
    else this.#file.write(first * this.#width, rows);
  }

  /**
   * The rows of so many nodes from `first` on; the caller does not change them.
   *
   * @throws {InputError} If the file cannot be read.
   */
  read(first: number, count: number): Float32Array<ArrayBuffer> {
    const [start, length] = [first * this.#width, count * this.#width];
    return this.#file?.read(start, length) ?? this.#rows!.subarray(start, start + length);
  }

  /** Gives the memory back and removes the file. */
  [Symbol.dispose](): void {
    this.#rows = undefined;
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }
}
