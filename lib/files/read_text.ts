/**
 * Reads small text files whole.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type ByteSource, decodeText, FileSource } from "./byte_source.ts";
import { isFileThere } from "./look.ts";
import {
  describeUnexpected,
  findUnfinishedDownload,
  unfinishedAdvice,
} from "./unexpected_content.ts";

/**
 * The longest file that is read unless more is asked for, in bytes: 32 MiB, some ten times the
 * longest of the files that models come with, `tokenizer.json`.
 */
const MAX_BYTES = 32 * 2 ** 20;

/**
 * Reads a small text file whole.
 *
 * @param maxBytes The longest file that is read. Default: 32 MiB.
 * @throws {InputError} If it does not exist, is no UTF-8, is longer than `maxBytes`, or holds
 * something that stands in its place, such as a Git LFS pointer.
 */
export async function readText(path: string, maxBytes: number = MAX_BYTES): Promise<string> {
  using source = await openExplained(path);
  return await readTextFrom(source, maxBytes);
}

/**
 * Reads all of a small source as text.
 *
 * @throws {InputError} As {@linkcode readText} does.
 */
export async function readTextFrom(
  source: ByteSource,
  maxBytes: number = MAX_BYTES,
): Promise<string> {
  const { name, byteLength } = source;
  if (byteLength > maxBytes) {
    throw new InputError(`${name} has ${byteLength} bytes, expected at most ${maxBytes}`);
  }
  const bytes = await source.read(0, byteLength);
  const unexpected = describeUnexpected(bytes, byteLength, "text");
  if (unexpected !== undefined) throw new InputError(`${name} ${unexpected}`);
  return decodeText(bytes, name);
}

/**
 * Opens a file that is expected; if it is not there, an unfinished download of it is named.
 *
 * @throws {InputError} If it cannot be opened.
 */
export async function openExplained(path: string): Promise<FileSource> {
  try {
    return await FileSource.open(path);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const unfinished = await findUnfinishedDownload(path);
    if (unfinished === undefined) throw error;
    throw new InputError(`${error.message}${unfinishedAdvice(unfinished)}`);
  }
}

/**
 * Whether there is a file that may be missing.
 *
 * @returns false if there is truly nothing of that name.
 * @throws {InputError} If it cannot be told, or the file is being downloaded: without it, results
 * would be others.
 */
export async function isOptionalFileThere(path: string): Promise<boolean> {
  if (await isFileThere(path)) return true;
  const unfinished = await findUnfinishedDownload(path);
  if (unfinished === undefined) return false;
  throw new InputError(`${path} does not exist${unfinishedAdvice(unfinished)}`);
}
