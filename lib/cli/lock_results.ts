/**
 * Keeps a script from writing where another run is writing.
 *
 * @module
 */
import type { DirectoryLock } from "../files/directory_lock.ts";
import { InputError } from "../base/errors.ts";
import { absent, isDirectoryThere } from "../files/look.ts";
import { commandLine } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Locks the directory of the results of an analysis, and removes what killed runs left half-written.
 *
 * @throws {InputError} If it is not there, another process holds it and there is no waiting, or what
 * was left cannot be removed.
 */
export async function lockResults(
  { output_dir, wait }: { output_dir: string; wait: boolean },
  terminal: Terminal,
): Promise<DirectoryLock> {
  const { DirectoryLock } = await import("../files/directory_lock.ts");
  const { removeLeftovers } = await import("../files/output_directory.ts");
  if (!await isDirectoryThere(output_dir)) {
    throw new InputError(
      `${absent(output_dir)}; make an analysis with: ` +
        commandLine("analyze", "--output_dir", output_dir),
    );
  }
  const lock = await DirectoryLock.take(output_dir, { wait, observer: terminal });
  try {
    await removeLeftovers(output_dir);
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
  return lock;
}
