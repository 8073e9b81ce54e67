/** A small zip file of two entries, sound or not, for the tests of what reads it. */
import type { ByteSource } from "../../lib/files/byte_source.ts";
import { bytesSource } from "../support/bytes_source.ts";
import { zipFile } from "./zip_writer.ts";

/** The entries, with one byte and with two. */
export const ENTRIES: readonly (readonly [name: string, data: Uint8Array])[] = [
  ["a/one", Uint8Array.of(1)],
  ["a/two", Uint8Array.of(2, 2)],
];
/** Where the data of `ENTRIES` begin: after local headers of 30 bytes and names of 5. */
export const OFFSETS: { one: number; two: number } = { one: 35, two: 36 + 35 };
/** Where the directory begins. */
export const LENGTH_BEFORE_DIRECTORY: number = OFFSETS.two + 2;

/** Such a file, or one that differs in what is named. */
export function zipSource(contents: Omit<Parameters<typeof zipFile>[0], "entries">): ByteSource {
  return bytesSource("w.zip", zipFile({ entries: ENTRIES, ...contents }));
}

/** A zip file whose bytes are changed once it is written. */
export function changed(
  bytes: Uint8Array<ArrayBuffer>,
  change: (view: DataView) => void,
): ByteSource {
  change(new DataView(bytes.buffer));
  return bytesSource("w.zip", bytes);
}

/** Where fields of the end record lie, from the end of the file. */
export const END: Record<"entriesHere" | "entries" | "length" | "start", number> = {
  entriesHere: 22 - 8,
  entries: 22 - 10,
  length: 22 - 12,
  start: 22 - 16,
};
