/**
 * Writes files whole or not at all.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { InputError, messageOf } from "../base/errors.ts";
import { jsonText } from "./json_writer.ts";

/** Temporary files that are being written. */
const unfinished = new Set<string>();
/** Locks, which hold until all that is unfinished is gone. */
const locks = new Set<string>();

/** Remembers a file that is to be removed if the process is interrupted. */
export function rememberUnfinished(path: string): void {
  unfinished.add(path);
}

/** Remembers a lock that is to be removed, after all else, if the process is interrupted. */
export function rememberLock(path: string): void {
  locks.add(path);
}

/** Forgets a file that is finished or removed. */
export function forgetUnfinished(path: string): void {
  unfinished.delete(path);
  locks.delete(path);
}

/** How long a file that is being opened may take to be there, in milliseconds. */
const OPENING = 50;

/**
 * Removes what is half-written, for a process that is about to end. The thread rests meanwhile, so
 * that nothing new is begun; what another thread was opening for it is removed, too.
 */
export function removeUnfinished(): void {
  removeAll(unfinished);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OPENING);
  removeAll(unfinished);
  removeAll(locks);
}

function removeAll(paths: Set<string>): void {
  for (const path of paths) {
    try {
      Deno.removeSync(path);
      paths.delete(path);
    } catch {
      // it has not been made yet, or has been moved to its place already
    }
  }
}

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
    unfinished.add(temporary);
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
      unfinished.delete(next.temporary);
      this.#staged.shift();
    }
  }

  /** Removes what was not committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { temporary } of this.#staged) {
      await Deno.remove(temporary).catch(() => {});
      unfinished.delete(temporary);
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
function temporaryPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${crypto.randomUUID().slice(0, 8)}.tmp`);
}

/** The names of files that a process left half-written when it was killed. */
const LEFT_BEHIND = /^\..*\.[0-9a-f]{8}\.tmp$/;

/**
 * Removes what killed processes left half-written in a directory. Nobody else may be writing there.
 *
 * @throws {InputError} If it cannot be removed.
 */
export async function removeLeftovers(directory: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(directory)) {
    if (isFile && LEFT_BEHIND.test(name)) await removeFile(`${directory}/${name}`);
  }
}

/**
 * Removes a file, if it is there.
 *
 * @throws {InputError} If it is there and cannot be removed.
 */
export async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new InputError(`${path} cannot be removed: ${reasonOf(error)}`);
  }
}

/** Writes a value as JSON that a person can read, whole or not at all. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, jsonText(value));
}

/**
 * Makes a directory for results, with those above it, and makes sure that files can be written.
 *
 * @throws {InputError} If it cannot be made or written to.
 */
export async function prepareDirectory(directory: string): Promise<void> {
  const probe = temporaryPath(`${directory}/probe`);
  unfinished.add(probe);
  try {
    await Deno.mkdir(directory, { recursive: true });
    await Deno.writeFile(probe, new Uint8Array(0), { createNew: true });
    await Deno.remove(probe);
    unfinished.delete(probe);
  } catch (error) {
    unfinished.delete(probe);
    const link = error instanceof Deno.errors.AlreadyExists && await brokenLinkIn(dirname(probe));
    const reason = link ? `${link} is a link that leads nowhere` : reasonOf(error);
    throw new InputError(
      `The output directory ${directory} cannot be written to: ${reason}`,
      { advice: { kind: "another_directory" } },
    );
  }
}

/** The part of a path that is a link to what is not there or to itself, if one is. */
async function brokenLinkIn(path: string): Promise<string | undefined> {
  const { isSymlink } = await Deno.lstat(path).catch(() => ({ isSymlink: false }));
  if (isSymlink) {
    try {
      await Deno.stat(path);
    } catch (error) {
      const { NotFound, FilesystemLoop } = Deno.errors;
      if (error instanceof NotFound || error instanceof FilesystemLoop) return path;
    }
  }
  return dirname(path) === path ? undefined : await brokenLinkIn(dirname(path));
}

/** Why something could not be written, for a reader: without the temporary names. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) {
    // Deno asks for all permissions before it writes to /proc, /sys, /dev and the like.
    return error.message.includes("all access")
      ? "it belongs to the operating system"
      : "this run has no permission to write there";
  }
  if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory) {
    return "a part of the path is a file";
  }
  const { code } = error as { code?: string };
  if (code === "ENOSPC" || code === "EDQUOT") return "no space is left on the disk";
  if (code === "EROFS") return "the file system is read-only";
  // What the system was doing says nothing to a user: the names are temporary ones.
  return messageOf(error).replace(/: \w+ '.*$/, "");
}
