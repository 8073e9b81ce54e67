/**
 * A file for what does not fit into memory.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import { forgetUnfinished, rememberUnfinished } from "./unfinished.ts";
import { reasonOf } from "./write_reason.ts";

/**
 * A file that exists as long as a computation. Where the system lets an open file lose its name, it
 * has none, and its space is given back however the process ends. Elsewhere, as on Windows, it is
 * removed when it is closed, and when the process is interrupted. Whoever makes it closes it, by
 * `using`.
 */
export class ScratchFile implements Disposable {
  #path: string;
  #file: Deno.FsFile;

  private constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Makes an empty file under a name of its own.
   *
   * @throws {InputError} If it cannot be made.
   */
  static create(directory: string): ScratchFile {
    const path = `${directory}/.scratch.${crypto.randomUUID().slice(0, 8)}.tmp`;
    rememberUnfinished(path);
    try {
      const options = { read: true, write: true, createNew: true };
      const file = new ScratchFile(path, Deno.openSync(path, options));
      file.#removeName();
      return file;
    } catch (error) {
      forgetUnfinished(path);
      throw new InputError(`${path} cannot be made: ${reasonOf(error)}`);
    }
  }

  /**
   * Writes values at a position, counted in values.
   *
   * @throws {InputError} If they cannot be written, as on a full disk.
   */
  write(position: number, values: Float32Array<ArrayBuffer>): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    try {
      this.#file.seekSync(position * values.BYTES_PER_ELEMENT, Deno.SeekMode.Start);
      for (let start = 0; start < bytes.length;) {
        start += this.#file.writeSync(bytes.subarray(start));
      }
    } catch (error) {
      throw new InputError(`${this.#path} cannot be written: ${reasonOf(error)}`);
    }
  }

  /**
   * Reads values at a position, counted in values.
   *
   * @throws {InputError} If they cannot be read.
   */
  read(position: number, count: number): Float32Array<ArrayBuffer> {
    const values = new Float32Array(count);
    const bytes = new Uint8Array(values.buffer);
    try {
      this.#file.seekSync(position * values.BYTES_PER_ELEMENT, Deno.SeekMode.Start);
      for (let start = 0; start < bytes.length;) {
        const read = this.#file.readSync(bytes.subarray(start));
        if (read === null) throw new Error("it ends too early");
        start += read;
      }
    } catch (error) {
      throw new InputError(`${this.#path} cannot be read: ${messageOf(error)}`);
    }
    return values;
  }

  /** Closes and removes it. */
  [Symbol.dispose](): void {
    this.#file.close();
    this.#removeName();
    forgetUnfinished(this.#path);
  }

  #removeName(): void {
    try {
      Deno.removeSync(this.#path);
      forgetUnfinished(this.#path);
    } catch {
      // it is gone already, or the system lets no open file lose its name
    }
  }
}
