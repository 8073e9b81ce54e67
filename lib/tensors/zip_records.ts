/**
 * What the records of a zip file have in common.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { ByteSource } from "../files/byte_source.ts";

/** How a record begins, and how long it is. */
export interface RecordKind {
  /** Its first four bytes, as a little-endian number. */
  readonly signature: number;
  /** Its fixed length, in bytes. */
  readonly length: number;
  /** How much of what follows is read as well, in bytes, as far as there is any. Default: nothing. */
  readonly more?: number;
}

/**
 * Reads a record.
 *
 * @param start Where it begins, in bytes from the start of the file.
 * @throws {InputError} If there is none.
 */
export async function readRecord(
  source: ByteSource,
  start: number,
  { signature, length, more = 0 }: RecordKind,
): Promise<DataView> {
  if (start >= 0 && start + length <= source.byteLength) {
    const end = Math.min(start + length + more, source.byteLength);
    const view = viewOf(await source.read(start, end));
    if (view.getUint32(0, true) === signature) return view;
  }
  throw damagedZip(source, `a record is missing at byte ${start}`);
}

/** Bytes as numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit number, rounded to float64: no file is so long that it matters. */
export function number64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

/** The line for a zip file that cannot be used. */
export function damagedZip(source: ByteSource, why: string): InputError {
  return new InputError(`${source.name} is no usable zip file: ${why}`);
}
