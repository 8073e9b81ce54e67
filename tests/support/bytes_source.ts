/** Bytes in memory, for what reads files by range. */
import type { ByteSource } from "../../lib/files/byte_source.ts";

/** A source over bytes. @throws {RangeError} As that of a file does, if a range is not within it. */
export function bytesSource(name: string, bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return {
    name,
    byteLength: bytes.length,
    // deno-lint-ignore require-await -- an error is to be a rejection, not an exception
    async read(start, end) {
      if (start >= 0 && start <= end && end <= bytes.length) return bytes.slice(start, end);
      throw new RangeError(
        `Cannot read ${name}: bytes ${start} to ${end} are outside of its ${bytes.length} bytes`,
      );
    },
  };
}
