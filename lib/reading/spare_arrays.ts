/**
 * Arrays that nobody needs any more, to be used again: the operating system takes longer to make new
 * memory than it takes to fill it.
 *
 * @module
 */

/** How many are kept. */
const MOST = 2;

/** Arrays to be used again. */
export class SpareArrays {
  #arrays: Float32Array<ArrayBuffer>[] = [];

  /** Gives back an array; whoever has it uses it no more. */
  give(array: Float32Array<ArrayBuffer>): void {
    this.#arrays.push(array);
    if (this.#arrays.length > MOST) this.#arrays.shift();
  }

  /** An array of so many bytes with any numbers in it; undefined if there is none. */
  take(bytes: number): Float32Array<ArrayBuffer> | undefined {
    const at = this.#arrays.findIndex(({ byteLength }) => byteLength === bytes);
    return at < 0 ? undefined : this.#arrays.splice(at, 1)[0];
  }

  /** Forgets all. */
  clear(): void {
    this.#arrays = [];
  }
}
