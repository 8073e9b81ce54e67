/**
 * Keeps two runs from writing into one directory at a time.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { forgetUnfinished, rememberLock } from "./unfinished.ts";
import { reasonOf } from "./write_reason.ts";

const NAME = ".coact.lock";

/**
 * A lock on a directory. The operating system holds it, so that it ends with the process, however
 * that ends: there are no stale locks. Whoever takes it gives it back, by `using`.
 */
export class DirectoryLock implements Disposable {
  #path: string;
  #file: Deno.FsFile | undefined;

  private constructor(path: string, file: Deno.FsFile | undefined) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Locks a directory that is there.
   *
   * @param wait Whether to wait until whoever holds it is done. Default: no.
   * @throws {InputError} If another process holds it and there is no waiting.
   */
  static async take(
    directory: string,
    { wait = false, observer = SILENT }: { wait?: boolean; observer?: Observer } = {},
  ): Promise<DirectoryLock> {
    const path = `${directory}/${NAME}`;
    for (;;) {
      const file = await openLock(directory, path);
      const withoutLock = (error: unknown) => {
        // Some network drives know no locks.
        observer.warn(
          `${directory} cannot be locked (${messageOf(error)}); let no other run write there`,
        );
        removeUnused(file, path);
        return new DirectoryLock(path, undefined);
      };
      let isOurs: boolean;
      try {
        isOurs = await file.tryLock(true);
      } catch (error) {
        return withoutLock(error);
      }
      if (!isOurs) {
        const holder = await holderOf(path);
        if (!wait) {
          file.close();
          throw new InputError(`${directory} is being written to by ${holder}`, {
            advice: { kind: "wait" },
          });
        }
        observer.note(`waiting for ${holder}, which is writing to ${directory}`);
        try {
          await file.lock(true);
        } catch (error) {
          return withoutLock(error);
        }
      }
      if (!await isStillThere(file, path)) {
        // Its holder removed it before it was ours, and the directory, too, if nothing came to lie there.
        file.close();
        await Deno.mkdir(directory, { recursive: true }).catch(() => {}); // the file will say why not
        continue;
      }
      rememberLock(path); // so that an interrupt leaves none behind
      const lock = new DirectoryLock(path, file);
      try {
        await describeHolder(file);
        return lock;
      } catch (error) {
        lock[Symbol.dispose](); // as on a full disk: there is no room even for that
        fail(directory, error);
      }
    }
  }

  /** Gives the lock back. */
  [Symbol.dispose](): void {
    if (this.#file === undefined) return;
    try {
      Deno.removeSync(this.#path);
    } catch {
      // someone removed it by hand: it is gone all the same
    }
    forgetUnfinished(this.#path);
    this.#file.close();
    this.#file = undefined;
  }
}

/**
 * Opens the file of a lock, which is made if it is not there. What somebody else has put in its
 * place is not touched: through a link, one could have any file written over.
 *
 * @throws {InputError} If it cannot be made, or is something else.
 */
async function openLock(directory: string, path: string): Promise<Deno.FsFile> {
  for (;;) {
    try {
      const info = await Deno.lstat(path);
      if (!info.isFile || (info.nlink ?? 1) > 1) {
        throw new InputError(`${path} is no lock of coact's but a link or the like; remove it`);
      }
      return await Deno.open(path, { read: true, write: true });
    } catch (error) {
      if (error instanceof InputError) throw error;
      if (!(error instanceof Deno.errors.NotFound)) fail(directory, error);
    }
    try {
      return await Deno.open(path, { read: true, write: true, createNew: true });
    } catch (error) {
      // another run may just have made it
      if (!(error instanceof Deno.errors.AlreadyExists)) fail(directory, error);
    }
  }
}

function fail(directory: string, error: unknown): never {
  throw new InputError(`${directory} cannot be written to: ${reasonOf(error)}`, {
    advice: { kind: "another_directory", copy: true },
  });
}

/** Writes into the lock who has it. */
async function describeHolder(file: Deno.FsFile): Promise<void> {
  await file.truncate();
  const since = new Date().toISOString();
  const bytes = new TextEncoder().encode(`process ${Deno.pid} since ${since}\n`);
  for (let start = 0; start < bytes.length;) start += await file.write(bytes.subarray(start));
}

/** Closes and removes the file of a lock that cannot be had; a process that has it stands in it. */
function removeUnused(file: Deno.FsFile, path: string): void {
  try {
    if (file.statSync().size === 0) Deno.removeSync(path);
  } catch {
    // another run that cannot have it, either, has just removed it
  }
  file.close();
}

async function holderOf(path: string): Promise<string> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return /^process \d+ since [\d:.TZ-]+$/.exec(text.trim())?.[0] ?? "another process";
}

/** Whether the file that was locked is still the one of that name. */
async function isStillThere(file: Deno.FsFile, path: string): Promise<boolean> {
  try {
    const [ours, there] = [await file.stat(), await Deno.lstat(path)];
    return ours.ino === there.ino && ours.dev === there.dev;
  } catch {
    return false;
  }
}
