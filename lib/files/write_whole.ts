/**
 * Writes files whole or not at all.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { InputError } from "../base/errors.ts";
import { jsonText } from "./json_writer.ts";
import { forgetUnfinished, rememberUnfinished } from "./unfinished.ts";
import { reasonOf } from "./write_reason.ts";

/** What is written; in pieces where it is long. */
export type Content = string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file whole: a reader sees the old file or the new one, never half of one.
 *
 * @throws {InputError} If it cannot be written; the old one is still there then.
 */
export async function writeWhole(path: string, content: Content): Promise<void> {
  await using staging = new Staging();
  await staging.add(path, content);
  await staging.commit();
}

/**
 * Files that are written under temporary names, hidden ones beside their places, and then moved
 * there together: what can fail for want of room has happened before the first old file is gone.
 * Whoever makes it closes it, by `await using`; what was not committed is removed.
 */
export class Staging implements AsyncDisposable {
  #staged: { path: string; temporary: string }[] = [];

  /**
   * Writes a file under a temporary name.
   *
   * @throws {InputError} If it cannot be written.
   */
  async add(path: string, content: Content): Promise<void> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const pieces = bytes instanceof Uint8Array ? [bytes] : bytes;
    await using file = await this.begin(path);
    for await (const piece of pieces) await file.write(piece);
  }

  /**
   * Begins a file under a temporary name, which is written piece by piece. Whoever begins it closes
   * it before it is committed, by `await using`.
   *
   * @throws {InputError} If it cannot be made.
   */
  async begin(path: string): Promise<StagedFile> {
    const temporary = temporaryPath(path);
    rememberUnfinished(temporary);
    this.#staged.push({ path, temporary });
    try {
      return new StagedFile(path, await Deno.open(temporary, { write: true, createNew: true }));
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /**
   * Moves the files to their places, in the order in which they were added.
   *
   * @throws {InputError} If one cannot be moved; those before it have been.
   */
  async commit(): Promise<void> {
    for (let next = this.#staged[0]; next !== undefined; next = this.#staged[0]) {
      try {
        await Deno.rename(next.temporary, next.path);
      } catch (error) {
        throw unwritable(next.path, error);
      }
      forgetUnfinished(next.temporary);
      this.#staged.shift();
    }
  }

  /** Removes what was not committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { temporary } of this.#staged) {
      await Deno.remove(temporary).catch(() => {});
      forgetUnfinished(temporary);
    }
    this.#staged = [];
  }
}

/** A file that is being written under a temporary name. Closing it makes sure that it is on disk. */
export class StagedFile implements AsyncDisposable {
  #path: string;
  #file: Deno.FsFile;

  /**
   * Takes a file that was opened for writing.
   *
   * @param path Its place, for messages.
   */
  constructor(path: string, file: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Writes what comes next.
   *
   * @throws {InputError} If it cannot be written.
   */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let start = 0; start < bytes.length;) {
        start += await this.#file.write(bytes.subarray(start));
      }
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  /**
   * Closes it.
   *
   * @throws {InputError} If it cannot be brought to the disk.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#file.sync();
    } catch (error) {
      throw unwritable(this.#path, error);
    } finally {
      this.#file.close();
    }
  }
}

function unwritable(path: string, error: unknown): InputError {
  return new InputError(`${path} cannot be written: ${reasonOf(error)}`);
}

/** A hidden name beside a file's place: a move within a directory is one step. */
export function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${crypto.randomUUID().slice(0, 8)}.tmp`);
}

/**
 * Removes a file, if it is there.
 *
 * @returns Whether it was there.
 * @throws {InputError} If it is there and cannot be removed.
 */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await Deno.remove(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw new InputError(`${path} cannot be removed: ${reasonOf(error)}`);
  }
}

/** Writes a value as JSON that a person can read, whole or not at all. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, jsonText(value));
}
