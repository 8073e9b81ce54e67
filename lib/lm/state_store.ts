/**
 * Keeps hidden states between the language model and the SAEs: in memory, or beyond a bound in a
 * file, so that memory does not grow with the number of questions.
 *
 * @module
 */
import { type Rows, sharedRows } from "../files/rows.ts";
import { ScratchFile } from "../files/scratch_file.ts";
import { isSameSite, type Site, siteOfLayer, siteText } from "./site.ts";

/** How large a store is, and where it may lie. */
export interface StateStoreOptions {
  /** The sites it is to hold, each once. */
  readonly sites: readonly Site[];
  /** How many blocks the model has. */
  readonly blockCount: number;
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

/** States by site, each `[prompts, d_model]`. Whoever makes it closes it, by `using`. */
export class StateStore implements Disposable {
  #options: StateStoreOptions;
  /** Those in memory, in the order of the sites; empty if they lie in the file. */
  #arrays: (Float32Array<SharedArrayBuffer> | undefined)[] = [];
  #file: ScratchFile | undefined;

  /**
   * Makes an empty store.
   *
   * @throws {InputError} If it needs a file that cannot be made.
   */
  constructor(options: StateStoreOptions) {
    this.#options = options;
    const { sites, prompts, width, scratchDirectory, maxBytes = MAX_BYTES } = options;
    const length = prompts * width;
    if (scratchDirectory !== undefined && sites.length * length * 4 > maxBytes) {
      this.#file = ScratchFile.create(scratchDirectory);
    } else {
      this.#arrays = sites.map(() => new Float32Array(new SharedArrayBuffer(4 * length)));
    }
  }

  /**
   * Keeps the state of a prompt at a site.
   *
   * @throws {InputError} If the file cannot be written.
   */
  set(site: Site, prompt: number, state: Float32Array<ArrayBuffer>): void {
    const { width } = this.#options;
    const index = this.#indexOf(site);
    if (this.#file === undefined) this.#arrays[index]!.set(state, prompt * width);
    else this.#file.write(this.#position(index, prompt), state);
  }

  /** The states at a site. Reading from a file throws an `InputError` if it fails. */
  at(site: Site): Rows {
    const { prompts, width } = this.#options;
    const index = this.#indexOf(site);
    const file = this.#file;
    if (file === undefined) return sharedRows(this.#arrays[index]!, width);
    return {
      count: prompts,
      width,
      read: (first, count) => file.read(this.#position(index, first), count * width),
    };
  }

  /** The states of a layer: `hidden_states[layer]`, as Hugging Face counts them. */
  layer(layer: number): Rows {
    return this.at(siteOfLayer(layer, this.#options.blockCount));
  }

  /** Gives a site's memory back. */
  forget(site: Site): void {
    this.#arrays[this.#indexOf(site)] = undefined;
  }

  /** Gives all memory back and removes the file. */
  [Symbol.dispose](): void {
    this.#arrays = [];
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }

  /** A site that was not announced is a defect of the caller's. */
  #indexOf(site: Site): number {
    const index = this.#options.sites.findIndex((each) => isSameSite(each, site));
    if (index === -1) throw new RangeError(`the store holds no states of ${siteText(site)}`);
    return index;
  }

  /** Where a state lies in the file, counted in numbers: site after site. */
  #position(index: number, prompt: number): number {
    const { prompts, width } = this.#options;
    return (index * prompts + prompt) * width;
  }
}
