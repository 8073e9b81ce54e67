/**
 * Writes zip files whose members are stored as they are and need not fit into memory: `.npz`.
 *
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3 to 4.5. Each
 * member is written with the fields of zip64, as NumPy writes them, so that it may have any length;
 * its checksum follows it, so that nothing is read twice.
 *
 * @module
 */
import { crc32 } from "node:zlib";

/** A member of a zip file. */
export interface ZipMember {
  /** Its name. */
  readonly name: string;
  /** What it holds, piece by piece. */
  readonly pieces: Iterable<Uint8Array>;
}

/** What is known of a member after it was written. */
interface Written {
  name: Uint8Array;
  offset: number;
  byteLength: number;
  checksum: number;
}

const SIGNATURE = {
  member: 0x04034b50,
  descriptor: 0x08074b50,
  entry: 0x02014b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  end: 0x06054b50,
} as const;
/** The version of the format that has zip64: 4.5. */
const VERSION = 45;
/** Checksum and lengths follow the data (bit 3); names are in UTF-8 (bit 11). */
const FLAGS = 0x0808;
/** The first of January 1980, the earliest date: the same content is to give the same bytes. */
const DATE = 0x21;
/** That the true value stands in the fields of zip64. */
const ELSEWHERE = 0xffffffff;
/** The fields of zip64, and how long they are, in bytes: two lengths, and in the directory a place. */
const EXTRA = { id: 1, member: 16, entry: 24 } as const;

/**
 * The bytes of a zip file, piece by piece.
 *
 * @param members Fewer than 65,535.
 */
export function* zipFile(members: Iterable<ZipMember>): Generator<Uint8Array> {
  const all: Written[] = [];
  let offset = 0;
  for (const { name, pieces } of members) {
    const member: Written = {
      name: new TextEncoder().encode(name),
      offset,
      byteLength: 0,
      checksum: 0,
    };
    const header = memberHeader(member);
    yield header;
    for (const piece of pieces) {
      member.checksum = crc32(piece, member.checksum);
      member.byteLength += piece.length;
      yield piece;
    }
    const descriptor = record(24, [[4, SIGNATURE.descriptor], [4, member.checksum], [
      8,
      member.byteLength,
    ], [8, member.byteLength]]);
    yield descriptor;
    offset += header.length + member.byteLength + descriptor.length;
    all.push(member);
  }
  const directory = all.map(directoryEntry);
  yield* directory;
  const length = directory.reduce((sum, entry) => sum + entry.length, 0);
  yield* endOf(all.length, { offset, length });
}

function memberHeader({ name }: Written): Uint8Array {
  const fields = record(30 + 4 + EXTRA.member, [
    [4, SIGNATURE.member],
    [2, VERSION],
    [2, FLAGS],
    [2, 0], // stored
    [2, 0], // midnight
    [2, DATE],
    [4, 0], // the checksum follows the data
    [4, ELSEWHERE],
    [4, ELSEWHERE],
    [2, name.length],
    [2, 4 + EXTRA.member],
    [2, EXTRA.id],
    [2, EXTRA.member],
    [8, 0], // the lengths, too
    [8, 0],
  ]);
  return withName(fields, 30, name);
}

function directoryEntry({ name, offset, byteLength, checksum }: Written): Uint8Array {
  const fields = record(46 + 4 + EXTRA.entry, [
    [4, SIGNATURE.entry],
    [2, VERSION],
    [2, VERSION],
    [2, FLAGS],
    [2, 0],
    [2, 0],
    [2, DATE],
    [4, checksum],
    [4, ELSEWHERE],
    [4, ELSEWHERE],
    [2, name.length],
    [2, 4 + EXTRA.entry],
    [2, 0], // no comment
    [2, 0], // the first disk
    [2, 0],
    [4, 0],
    [4, ELSEWHERE],
    [2, EXTRA.id],
    [2, EXTRA.entry],
    [8, byteLength],
    [8, byteLength],
    [8, offset],
  ]);
  return withName(fields, 46, name);
}

function endOf(
  count: number,
  { offset, length }: { offset: number; length: number },
): Uint8Array[] {
  return [
    record(56, [
      [4, SIGNATURE.end64],
      [8, 44], // how much of the record follows
      [2, VERSION],
      [2, VERSION],
      [4, 0],
      [4, 0],
      [8, count],
      [8, count],
      [8, length],
      [8, offset],
    ]),
    record(20, [[4, SIGNATURE.locator64], [4, 0], [8, offset + length], [4, 1]]),
    record(22, [
      [4, SIGNATURE.end],
      [2, 0],
      [2, 0],
      [2, count],
      [2, count],
      [4, ELSEWHERE],
      [4, ELSEWHERE],
      [2, 0],
    ]),
  ];
}

/** Whole numbers one after the other, little-endian, each of 2, 4 or 8 bytes. */
function record(
  length: number,
  fields: readonly (readonly [bytes: number, value: number])[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  }
  return bytes;
}

/** Puts a name between the fixed fields of a record and the others. */
function withName(fields: Uint8Array, at: number, name: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(fields.length + name.length);
  bytes.set(fields.subarray(0, at));
  bytes.set(name, at);
  bytes.set(fields.subarray(at), at + name.length);
  return bytes;
}
