/**
 * The directory that results are written to.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { InputError } from "../base/errors.ts";
import { forgetUnfinished, rememberUnfinished } from "./unfinished.ts";
import { removeFile, temporaryPath } from "./write_whole.ts";
import { reasonOf } from "./write_reason.ts";

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
 * Makes a directory for results, with those above it, and makes sure that files can be written.
 *
 * @returns What removes, at the end of a `using` scope, the directories that were made and in which
 * nothing lies: of a run that failed, none is left. A script may remove its own alone, not those
 * above it.
 * @throws {InputError} If it cannot be made or written to.
 */
export async function prepareDirectory(directory: string): Promise<Disposable> {
  const probe = temporaryPath(`${directory}/probe`);
  rememberUnfinished(probe);
  const made = await missingAt(directory);
  try {
    await Deno.mkdir(directory, { recursive: true });
    await Deno.writeFile(probe, new Uint8Array(0), { createNew: true });
    await Deno.remove(probe);
    forgetUnfinished(probe);
    return { [Symbol.dispose]: () => removeEmpty(made) };
  } catch (error) {
    forgetUnfinished(probe);
    removeEmpty(made);
    const link = error instanceof Deno.errors.AlreadyExists && await brokenLinkIn(dirname(probe));
    const reason = link ? `${link} is a link that leads nowhere` : reasonOf(error);
    throw new InputError(
      `The output directory ${directory} cannot be written to: ${reason}`,
      { advice: { kind: "another_directory" } },
    );
  }
}

/** The directories that are to be made for one to be there, itself first. */
async function missingAt(directory: string): Promise<string[]> {
  const missing: string[] = [];
  for (let path = resolve(directory); !await isThere(path); path = dirname(path)) {
    missing.push(path);
    if (dirname(path) === path) break; // a drive that is not there
  }
  return missing;
}

/** Whether there is something, or may be: what this run may not look at, it did not make. */
async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}

/** Removes the directories in which nothing lies, each before the one above it. */
function removeEmpty(directories: readonly string[]): void {
  for (const path of directories) {
    try {
      Deno.removeSync(path);
    } catch {
      // it holds results, was not made, or is above what this run may write to
    }
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
