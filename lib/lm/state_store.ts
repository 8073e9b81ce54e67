/**
 * Keeps hidden states between the language model and the SAEs: in memory, or beyond a bound in a
 * file, so that memory does not grow with the number of questions.
 *
 * @module
 */
import { type Rows, rowsInMemory } from "../files/rows.ts";
import { ScratchFile } from "../files/scratch_file.ts";

/** How large a store is, and where it may lie. */
export interface StateStoreOptions {
  /** The layers it is to hold. */
  readonly layers: readonly number[];
  /** How many prompts there are. */
  readonly prompts: number;
  /** The width of a hidden state (d_model). */
  readonly width: number;
  /** The directory for a file. Default: none, everything stays in memory. */
  readonly scratchDirectory?: string | undefined;
  /** From how many bytes on a file is used, if there is a directory for it. Default: 128 MiB. */
  readonly maxBytes?: number | undefined;
}

/** Enough for the guide's job: 12 layers × 3,000 questions × 768 float32 are 105 MiB. */
const MAX_BYTES = 128 * 2 ** 20;

/** Hidden states by layer, each `[prompts, d_model]`. Whoever makes it closes it, by `using`. */
export class StateStore implements Disposable {
  #options: StateStoreOptions;
  #arrays = new Map<number, Float32Array<ArrayBuffer>>();
  #file: ScratchFile | undefined;

  /**
   * Makes an empty store.
   *
   * @throws {InputError} If it needs a file that cannot be made.
   */
  constructor(options: StateStoreOptions) {
    this.#options = options;
    const { layers, prompts, width, scratchDirectory, maxBytes = MAX_BYTES } = options;
    const length = prompts * width;
    if (scratchDirectory !== undefined && layers.length * length * 4 > maxBytes) {
      this.#file = ScratchFile.create(scratchDirectory);
    } else {
      for (const layer of layers) this.#arrays.set(layer, new Float32Array(length));
    }
  }

  /**
   * Keeps the hidden state of a prompt.
   *
   * @throws {InputError} If the file cannot be written.
   */
  set(layer: number, prompt: number, state: Float32Array<ArrayBuffer>): void {
    const { width } = this.#options;
    if (this.#file === undefined) this.#arrays.get(layer)!.set(state, prompt * width);
    else this.#file.write(this.#position(layer, prompt), state);
  }

  /** The hidden states of a layer. Reading from a file throws an `InputError` if it fails. */
  layer(layer: number): Rows {
    const { prompts, width } = this.#options;
    const file = this.#file;
    if (file === undefined) return rowsInMemory(this.#arrays.get(layer)!, width);
    return {
      count: prompts,
      width,
      read: (first, count) => file.read(this.#position(layer, first), count * width),
    };
  }

  /** Gives a layer's memory back. */
  forget(layer: number): void {
    this.#arrays.delete(layer);
  }

  /** Gives all memory back and removes the file. */
  [Symbol.dispose](): void {
    this.#arrays.clear();
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }

  /** Where a state lies in the file, counted in numbers: layer after layer. */
  #position(layer: number, prompt: number): number {
    const { layers, prompts, width } = this.#options;
    return (layers.indexOf(layer) * prompts + prompt) * width;
  }
}
