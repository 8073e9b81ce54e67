/**
 * Bytes that are read by range. The readers of file formats see only this, so that a file, a
 * buffer in a test and a counting wrapper are the same to them.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import { unreadable } from "./look.ts";

/** A run of bytes of known length that can be read anywhere. */
export interface ByteSource {
  /** What to call it in messages: the path of a file. */
  readonly name: string;
  /** Its length, in bytes. */
  readonly byteLength: number;
  /**
   * Reads the bytes from `start` up to but not including `end`.
   *
   * @throws {RangeError} If the range does not lie within the source.
   * @throws {InputError} If the bytes cannot be read.
   */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Fills an array with the bytes from `start` on: whoever reads one piece after the other uses one
   * array for all, since the operating system takes longer to make a new one than to fill it. Absent
   * where there is nothing to gain: {@linkcode readInto} then copies.
   *
   * @throws {RangeError} If the range does not lie within the source.
   * @throws {InputError} If the bytes cannot be read.
   */
  readInto?(start: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/**
 * Fills an array with the bytes of a source from `start` on.
 *
 * @throws {RangeError} If the range does not lie within the source.
 * @throws {InputError} If the bytes cannot be read.
 */
export async function readInto(
  source: ByteSource,
  start: number,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  if (source.readInto !== undefined) return await source.readInto(start, bytes);
  bytes.set(await source.read(start, start + bytes.length));
}

/** A file opened for reading by range. Whoever opens it closes it, by `using` or `close`. */
export class FileSource implements ByteSource, Disposable {
  readonly name: string;
  readonly byteLength: number;
  /** What the file was when it was opened. */
  readonly info: Deno.FileInfo;
  /** How many bytes have been read so far. */
  bytesRead = 0;
  #file: Deno.FsFile;

  private constructor(name: string, file: Deno.FsFile) {
    this.name = name;
    this.info = file.statSync(); // of what is open, whatever is at the path by now
    this.byteLength = this.info.size;
    this.#file = file;
  }

  /**
   * Opens a file.
   *
   * @throws {InputError} If there is no such file or it cannot be read.
   */
  static async open(path: string): Promise<FileSource> {
    try {
      const { isFile, isDirectory } = await Deno.stat(path);
      // Anything else, such as a named pipe, might keep its reader waiting for ever.
      if (isFile) return new FileSource(path, await Deno.open(path, { read: true }));
      throw new InputError(
        `${path} is ${isDirectory ? "a directory" : "no file"}, expected a file`,
      );
    } catch (error) {
      throw error instanceof InputError ? error : unreadable(path, error);
    }
  }

  /** Reads without yielding to other code, so that two readers never move each other's position. */
  // deno-lint-ignore require-await -- an error is to be a rejection, not an exception
  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    checkRange(this, start, end);
    return this.#explained(() => {
      const bytes = new Uint8Array(end - start); // which fails where it is more than there can be
      this.#fill(start, bytes);
      return bytes;
    });
  }

  /** See {@linkcode ByteSource}. */
  // deno-lint-ignore require-await -- an error is to be a rejection, not an exception
  async readInto(start: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    checkRange(this, start, start + bytes.length);
    this.#explained(() => this.#fill(start, bytes));
  }

  #explained<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw new InputError(`Cannot read ${this.name}: ${messageOf(error)}`);
    }
  }

  #fill(start: number, bytes: Uint8Array): void {
    this.#file.seekSync(start, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < bytes.length) {
      const count = this.#file.readSync(bytes.subarray(filled));
      if (count === null) throw new Error("it became shorter while it was being read");
      filled += count;
    }
    this.bytesRead += bytes.length;
  }

  /** What the file is by now, under whatever name. */
  currentInfo(): Deno.FileInfo {
    return this.#file.statSync();
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }

  /** Closes the file at the end of a `using` scope. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * The text that bytes are, less a byte-order mark.
 *
 * @param path What to call them in messages.
 * @throws {InputError} If they are no UTF-8.
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${path} is no UTF-8 text`);
  }
}

function checkRange({ name, byteLength }: ByteSource, start: number, end: number): void {
  if (start >= 0 && start <= end && end <= byteLength) return;
  throw new RangeError(
    `Cannot read ${name}: bytes ${start} to ${end} are outside of its ${byteLength} bytes`,
  );
}
