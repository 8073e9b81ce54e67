/**
 * Whether a binary speaks of the machine on which it was made.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** So much of what stands around a path is shown with it, in bytes. */
const CONTEXT = 40;

/**
 * The directories of a machine that bytes name, each once, with what stands around it.
 *
 * @param directories Absolute paths, with slashes or backslashes.
 */
export function findTraces(bytes: Uint8Array, directories: readonly string[]): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return directories.flatMap((directory) => {
    const path = directory.replace(/[\\/]$/, "");
    const position = Math.max(...spellings(path).map((spelling) => buffer.indexOf(spelling)));
    if (position === -1) return [];
    const around = buffer.toString("latin1", Math.max(0, position - CONTEXT), position + CONTEXT);
    return [`it names ${path}: ${JSON.stringify(around)}`];
  });
}

/**
 * A path as itself, in JSON and in a URL. One of a single folder, as containers have, is a word that
 * may stand anywhere, and counts in a URL only.
 */
function spellings(path: string): string[] {
  const slashed = path.replaceAll("\\", "/");
  const url = `file://${slashed.startsWith("/") ? "" : "/"}${slashed}/`;
  if (slashed.lastIndexOf("/") <= slashed.indexOf("/")) return [url];
  return [path, slashed, path.replaceAll("\\", "\\\\"), url];
}
