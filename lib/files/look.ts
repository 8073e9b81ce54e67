/**
 * Looks what is at a path. "Not there" is said only of what is not there: a link whose target is
 * missing, a directory that may not be entered or a disk that fails is an error, so that nobody
 * takes the next best file instead.
 *
 * @module
 */
import { dirname, isAbsolute } from "node:path";
import { InputError, messageOf } from "../base/errors.ts";

/**
 * Looks what is at a path; links are followed.
 *
 * @returns `file`, `directory`, or undefined if there is truly nothing of that name.
 * @throws {InputError} If that cannot be told, naming the path and the cause: a link that leads
 * nowhere or in a circle, a directory that may not be entered, a file in a directory's place, a disk
 * that fails; and for what is neither file nor directory, such as a named pipe.
 */
export async function lookAt(path: string): Promise<"file" | "directory" | undefined> {
  try {
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isFile) return "file";
    if (isDirectory) return "directory";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound && danglingLink(path) === undefined) return undefined;
    throw unreadable(path, error);
  }
  throw new InputError(`${path} is no file, expected a file`);
}

/**
 * The names of what is in a directory; none if it does not exist.
 *
 * @throws {InputError} If it cannot be listed.
 */
export async function namesIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(directory)) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw unreadable(directory, error);
  }
  return names;
}

/**
 * Whether there is a file at a path.
 *
 * @returns false if there is truly nothing of that name.
 * @throws {InputError} If there is something else, or it cannot be told, as {@linkcode lookAt} says.
 */
export async function isFileThere(path: string): Promise<boolean> {
  const found = await lookAt(path);
  if (found === "directory") throw new InputError(`${path} is a directory, expected a file`);
  return found === "file";
}

/**
 * Whether there is a directory at a path.
 *
 * @returns false if there is truly nothing of that name.
 * @throws {InputError} If there is something else, or it cannot be told, as {@linkcode lookAt} says.
 */
export async function isDirectoryThere(path: string): Promise<boolean> {
  const found = await lookAt(path);
  if (found === "file") throw new InputError(`${path} is a file, expected a directory`);
  return found === "directory";
}

/** That a path does not exist; of a relative one also from where it was looked for. */
export function absent(path: string): string {
  return `${path} does not exist${lookedForFrom(path)}`;
}

/** ` (looked for from …)` for a relative path, empty for any other. */
function lookedForFrom(path: string): string {
  if (isAbsolute(path)) return "";
  try {
    return ` (looked for from ${Deno.cwd()})`;
  } catch {
    return ""; // the working directory is gone, or may not be named
  }
}

/**
 * The line for what could not be looked at or opened.
 *
 * @param error What the operating system said.
 */
export function unreadable(path: string, error: unknown): InputError {
  if (error instanceof Deno.errors.NotFound) {
    return new InputError(danglingLink(path) ?? absent(path));
  }
  if (error instanceof Deno.errors.NotCapable && error.message.includes("all access")) {
    return new InputError(
      `${path} cannot be read: Deno lets no program read below /dev, /proc and /sys that may not do ` +
        "everything; copy it to another place",
    );
  }
  if (error instanceof Deno.errors.NotCapable) {
    return new InputError(
      `${path} cannot be read: permission denied: Deno does not let this run read there`,
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new InputError(`${path} cannot be read: permission denied`);
  }
  if (error instanceof Deno.errors.NotADirectory) {
    return new InputError(`${fileAbove(path)} is a file, expected a directory`);
  }
  if (error instanceof Deno.errors.FilesystemLoop) {
    return new InputError(`${path} cannot be read: its links lead in a circle`);
  }
  return new InputError(`${path} cannot be read: ${messageOf(error)}`);
}

/** What is wrong if a path, or a directory on the way to it, is a link without a target. */
function danglingLink(path: string): string | undefined {
  for (const at of pathAndParents(path)) {
    try {
      if (!Deno.lstatSync(at).isSymlink) return undefined;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue; // it may be in such a directory
      return undefined;
    }
    try {
      Deno.statSync(at);
      return undefined; // it leads to a directory, which lacks what was looked for
    } catch {
      return `${at} is a link to ${Deno.readLinkSync(at)}, which does not exist`;
    }
  }
}

/** The file that stands where a path wants a directory. */
function fileAbove(path: string): string {
  for (const at of pathAndParents(dirname(path))) {
    try {
      if (!Deno.statSync(at).isDirectory) return at;
    } catch {
      // even further up
    }
  }
  return path;
}

/** A path, the directory that it is in, and so on up to the root or the working directory. */
function* pathAndParents(path: string): Generator<string> {
  let at = path.replace(/(?<=[^/])\/+$/, ""); // a slash at the end would follow a link
  yield at;
  while (dirname(at) !== at) {
    at = dirname(at);
    yield at;
  }
}

/** Whether a file can be seen at a path, for a hint: what hinders the look is no matter of its own. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

/** Whether a file or a directory can be seen at a path, likewise. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
