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
  // A character for each byte: a string of 100 MB is searched ten times as fast as a buffer.
  const text = latin1(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return directories.flatMap((directory) => {
    const path = directory.replace(/[\\/]$/, "");
    const spelled = [...new Set(spellings(path))].map((spelling) => latin1(Buffer.from(spelling)));
    const position = Math.max(...spelled.map((spelling) => text.indexOf(spelling)));
    if (position === -1) return [];
    const around = text.slice(Math.max(0, position - CONTEXT), position + CONTEXT);
    return [`it names ${path}: ${JSON.stringify(around)}`];
  });
}

function latin1(buffer: Buffer): string {
  return buffer.toString("latin1");
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
