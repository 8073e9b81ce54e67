/**
 * What a process removes if it is interrupted: files that are half-written, then locks.
 *
 * @module
 */

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
