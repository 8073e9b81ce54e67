/**
 * The directory that results are written to.
 *
 * @module
 */
import { dirname } from "node:path";
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
 * @throws {InputError} If it cannot be made or written to.
 */
export async function prepareDirectory(directory: string): Promise<void> {
  const probe = temporaryPath(`${directory}/probe`);
  rememberUnfinished(probe);
  try {
    await Deno.mkdir(directory, { recursive: true });
    await Deno.writeFile(probe, new Uint8Array(0), { createNew: true });
    await Deno.remove(probe);
    forgetUnfinished(probe);
  } catch (error) {
    forgetUnfinished(probe);
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
