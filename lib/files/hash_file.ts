/**
 * SHA-256 of bytes and of files.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { timed } from "../base/work_log.ts";
import { type ByteSource, FileSource, readInto } from "./byte_source.ts";

/** The SHA-256 of bytes, in hexadecimal. */
export function hashBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** How much is read at a time, in bytes. */
const CHUNK_BYTES = 2 ** 22;

/**
 * The SHA-256 of a file, in hexadecimal.
 *
 * @throws {InputError} If it cannot be read.
 */
export async function hashFile(path: string): Promise<string> {
  using source = await FileSource.open(path);
  return await hashSource(source);
}

/**
 * The SHA-256 of all bytes of a source, in hexadecimal.
 *
 * @throws {InputError} If it cannot be read.
 */
export async function hashSource(source: ByteSource): Promise<string> {
  const hash = createHash("sha256");
  const { byteLength } = source;
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, byteLength));
  for (let start = 0; start < byteLength; start += CHUNK_BYTES) {
    const bytes = chunk.subarray(0, Math.min(CHUNK_BYTES, byteLength - start));
    await timed("read", () => readInto(source, start, bytes));
    timed("hash", () => hash.update(bytes));
  }
  return hash.digest("hex");
}
