/**
 * Writes files whole or not at all.
 *
 * @module
 */
import { InputError, messageOf } from "../errors.ts";

/** Temporary files that are being written. */
const unfinished = new Set<string>();

/** Remembers a file that is to be removed if the process is interrupted. */
export function rememberUnfinished(path: string): void {
  unfinished.add(path);
}

/** Forgets a file that is finished or removed. */
export function forgetUnfinished(path: string): void {
  unfinished.delete(path);
}

/** Removes what is half-written, for a process that is about to end. */
export function removeUnfinished(): void {
  for (const path of unfinished) {
    try {
      Deno.removeSync(path);
    } catch {
      // it has not been made yet, or has been moved to its place already
    }
  }
}

/**
 * Writes a file under a temporary name beside its place and then moves it there, so that a reader
 * sees the old file or the new one, never half of one.
 *
 * @throws {InputError} If it cannot be written; the temporary file is removed.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  unfinished.add(temporary);
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true });
    for (let start = 0; start < bytes.length;) start += await file.write(bytes.subarray(start));
    await file.sync();
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw new InputError(`${path} cannot be written: ${reasonOf(error)}`);
  } finally {
    unfinished.delete(temporary);
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
  await writeWhole(path, JSON.stringify(value, null, 2) + "\n");
}

/**
 * Makes a directory for results, with those above it, and makes sure that files can be written.
 *
 * @throws {InputError} If it cannot be made or written to.
 */
export async function prepareDirectory(directory: string): Promise<void> {
  const probe = `${directory}/.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await Deno.mkdir(directory, { recursive: true });
    await Deno.writeFile(probe, new Uint8Array(0), { createNew: true });
    await Deno.remove(probe);
  } catch (error) {
    throw new InputError(
      `The output directory ${directory} cannot be written to: ${reasonOf(error)}; ` +
        "choose another with --output_dir",
    );
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) return "this run has no permission to write there";
  if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory) {
    return "a part of the path is a file";
  }
  return messageOf(error);
}
