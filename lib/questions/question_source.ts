/**
 * Looks at a file of questions or prompts before its lines are read.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { ByteSource } from "../files/byte_source.ts";
import { absent, isFileThere } from "../files/look.ts";
import {
  findUnexpectedContent,
  findUnfinishedDownload,
  unfinishedAdvice,
} from "../files/unexpected_content.ts";

/** The longest file, in bytes: over half a million questions. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

/**
 * Makes sure that there is a file.
 *
 * @throws {InputError} If there is none; an unfinished download of it is named.
 */
export async function findQuestionFile(path: string): Promise<void> {
  if (await isFileThere(path)) return;
  const unfinished = await findUnfinishedDownload(path);
  if (unfinished !== undefined) {
    throw new InputError(`${absent(path)}${unfinishedAdvice(unfinished)}`);
  }
  throw new InputError(absent(path), {
    advice: { kind: "name_path", setting: "questionFile" },
  });
}

/**
 * Makes sure that a file is one of text, and of a length that is read.
 *
 * @throws {InputError} If it is not.
 */
export async function checkQuestionSource(source: ByteSource): Promise<void> {
  const { name, byteLength } = source;
  if (byteLength > MAX_FILE_BYTES) {
    throw new InputError(
      `${name} has ${byteLength} bytes, expected at most ${MAX_FILE_BYTES}; leave out what ` +
        "is not needed",
    );
  }
  const unexpected = byteLength > 0 && await findUnexpectedContent(source, "text");
  if (unexpected) throw new InputError(`${name} ${unexpected}`);
}
