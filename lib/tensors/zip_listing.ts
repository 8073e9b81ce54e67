/**
 * What the directory of a zip file says of its entries.
 *
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.12 and 4.5.
 *
 * @module
 */
import type { ByteSource } from "../files/byte_source.ts";
import { damagedZip as damaged, number64, viewOf } from "./zip_records.ts";

/** How a record begins and its fixed length, in bytes, from the source above. */
const DIRECTORY_ENTRY = { signature: 0x02014b50, length: 46 };
const ZIP64_EXTRA_FIELD = 0x0001;
/** An extra field that gives the entry another name. */
const UNICODE_PATH_EXTRA_FIELD = 0x7075;
/** What 32-bit fields hold when the true value stands in a zip64 record. */
export const IN_ZIP64_32 = 0xffffffff;

/** An entry as the directory lists it. */
export interface ListedEntry {
  /** Its path in the archive. */
  name: string;
  /** The same as it stands in the file. */
  nameBytes: Uint8Array;
  /** Bits that say, among others, whether it is encrypted. */
  flags: number;
  /** How its data are compressed; 0 is not at all. */
  method: number;
  /** The CRC-32 of its data. */
  checksum: number;
  /** The length of its data in the file, in bytes. */
  compressedSize: number;
  /** The length of its data, in bytes. */
  size: number;
  /** Where its own header begins, in bytes from the start of the file. */
  headerOffset: number;
}

/**
 * The entries of a directory, one after the other.
 *
 * @param directory Its bytes.
 * @throws {InputError} If it is damaged, or an entry has a second name or two sizes.
 */
export function* listEntries(source: ByteSource, directory: Uint8Array): Generator<ListedEntry> {
  const view = viewOf(directory);
  let at = 0;
  while (at + DIRECTORY_ENTRY.length <= view.byteLength) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY.signature) break;
    const nameStart = at + DIRECTORY_ENTRY.length;
    const extraStart = nameStart + view.getUint16(at + 28, true);
    const extraEnd = extraStart + view.getUint16(at + 30, true);
    const end = extraEnd + view.getUint16(at + 32, true);
    if (end > view.byteLength) break;
    const nameBytes = directory.subarray(nameStart, extraStart);
    const entry: ListedEntry = {
      name: new TextDecoder().decode(nameBytes),
      nameBytes,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      headerOffset: view.getUint32(at + 42, true),
    };
    applyExtra(
      source,
      entry,
      new DataView(view.buffer, view.byteOffset + extraStart, extraEnd - extraStart),
    );
    yield entry;
    at = end;
  }
  if (at !== view.byteLength) throw damaged(source, "its directory is damaged");
}

/** Takes the fields that did not fit into 32 bits from the entry's zip64 extra field. */
function applyExtra(source: ByteSource, entry: ListedEntry, extra: DataView): void {
  let zip64Fields = 0;
  let at = 0;
  while (at + 4 <= extra.byteLength) {
    const [kind, length] = [extra.getUint16(at, true), extra.getUint16(at + 2, true)];
    const end = at + 4 + length;
    if (end > extra.byteLength) throw damaged(source, "its directory is damaged");
    if (kind === UNICODE_PATH_EXTRA_FIELD) {
      throw damaged(source, `entry ${entry.name} has a second name`);
    }
    if (kind === ZIP64_EXTRA_FIELD) {
      if (zip64Fields++ > 0) throw damaged(source, `entry ${entry.name} has two different sizes`);
      let next = at + 4;
      for (const field of ["size", "compressedSize", "headerOffset"] as const) {
        if (entry[field] !== IN_ZIP64_32 || next + 8 > end) continue;
        entry[field] = number64(extra, next);
        next += 8;
      }
    }
    at = end;
  }
}
