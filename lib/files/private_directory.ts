/**
 * Directories that nobody but their user can read, for what has to be a file for a while.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { basename, dirname, join } from "node:path";
import { InputError } from "../base/errors.ts";
import { reasonOf } from "./write_reason.ts";

/** Says that somebody uses a directory: that process has it locked. */
const LOCK = ".lock";

/** What nobody but the owner may do anything with. */
const PRIVATE_MODE = 0o700;

/** Windows has no such modes; there, the directory for temporary files is the user's own. */
const HAS_MODES = Deno.build.os !== "windows";

/**
 * A new directory below that for temporary files, which only this user can enter. Whoever makes it
 * removes it, by `using`; what a killed process left is removed when the next one is made.
 */
export class PrivateDirectory implements Disposable {
  /** Its path. */
  readonly path: string;
  #lock: Deno.FsFile | undefined;

  private constructor(path: string, lock: Deno.FsFile | undefined) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Makes one under a name that nobody can foresee.
   *
   * @param prefix How its name begins.
   * @param among The directory to make it in. Default: that for temporary files.
   * @throws {InputError} If it cannot be made.
   */
  static create(prefix: string, among?: string): PrivateDirectory {
    let path: string | undefined;
    try {
      path = Deno.makeTempDirSync({ prefix, ...among !== undefined && { dir: among } });
      const { uid } = requirePrivate(path);
      removeAbandoned(path, prefix, uid);
      return new PrivateDirectory(path, lockNew(path));
    } catch (error) {
      if (path !== undefined) removeIfPossible(path);
      throw new InputError(
        `no directory can be made among the temporary files: ${reasonOf(error)}; let ` +
          `${HAS_MODES ? "TMPDIR" : "TEMP"} name one that can be written to`,
      );
    }
  }

  /** Removes it with its files. What is in use on Windows stays until the next one is made. */
  [Symbol.dispose](): void {
    this.#lock?.close();
    this.#lock = undefined;
    removeIfPossible(this.path);
  }
}

/**
 * Makes sure that a path is a directory itself, no link to one, and nobody else may enter it.
 *
 * @throws {InputError} If not.
 */
export function requirePrivate(path: string): Deno.FileInfo {
  const info = Deno.lstatSync(path);
  if (!info.isDirectory) throw new InputError(`${path} is no directory of this user's`);
  if (HAS_MODES && (info.mode! & 0o777) !== PRIVATE_MODE) {
    throw new InputError(`${path} is open to other users`);
  }
  return info;
}

/**
 * Puts a file into a private directory, if it is not there, and compares what is there with what is
 * to be: whether it belongs to the owner of the directory, and every byte.
 *
 * @throws {InputError} If the directory or the file is not as it should be, or cannot be written.
 */
export function placeFile(directory: string, name: string, bytes: Uint8Array): void {
  const { uid } = requirePrivate(directory);
  const path = join(directory, name);
  try {
    Deno.writeFileSync(path, bytes, { createNew: true, mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) {
      throw new InputError(`${path} cannot be written: ${reasonOf(error)}`);
    }
  }
  const info = Deno.lstatSync(path);
  if (!info.isFile || info.uid !== uid || !Buffer.from(bytes).equals(Deno.readFileSync(path))) {
    throw new InputError(`${path} is not as it was written`);
  }
}

/**
 * Locks a directory that was just made. The lock has its name only once it is held: a lock that is
 * found and not held has lost its process.
 */
function lockNew(directory: string): Deno.FsFile | undefined {
  const path = join(directory, LOCK);
  try {
    const file = Deno.openSync(`${path}.new`, { read: true, write: true, createNew: true });
    try {
      file.lockSync(true);
      Deno.renameSync(`${path}.new`, path);
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  } catch {
    return undefined; // some file systems know no locks; nobody will remove it then
  }
}

/**
 * Removes the directories beside one that have its owner and prefix and whose process has ended, as
 * far as that is possible: a directory for temporary files need not let itself be listed.
 */
function removeAbandoned(path: string, prefix: string, owner: number | null): void {
  const folder = dirname(path);
  let names: string[];
  try {
    names = namesIn(folder);
  } catch {
    return;
  }
  for (const name of names) {
    if (!name.startsWith(prefix) || name === basename(path)) continue;
    try {
      const other = join(folder, name);
      if (requirePrivate(other).uid === owner && !isLocked(join(other, LOCK))) removeFlat(other);
    } catch {
      // it is somebody else's, or was just removed
    }
  }
}

/** Whether a process holds a lock. Throws if there is none. */
function isLocked(path: string): boolean {
  using file = Deno.openSync(path, { read: true, write: true });
  return !file.tryLockSync(true);
}

/** Removes a directory with its files, the lock last. Throws if there are directories in it. */
function removeFlat(directory: string): void {
  const names = namesIn(directory);
  for (const name of names) if (name !== LOCK) Deno.removeSync(join(directory, name));
  if (names.includes(LOCK)) Deno.removeSync(join(directory, LOCK));
  Deno.removeSync(directory);
}

/** The same, unless it is gone already, or in use. */
function removeIfPossible(directory: string): void {
  try {
    removeFlat(directory);
  } catch {
    // nothing depends on it
  }
}

function namesIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name);
}
