/** Writes zip files of stored entries: sound ones, zip64 ones, and ones whose directory lies. */
import { crc32 } from "node:zlib";
import { concatenate, latin1, u16, u32, u64 } from "./bytes.ts";

/** What the directory says of an entry. */
interface Listed {
  flags: number;
  method: number;
  checksum: number;
  compressedSize: number | bigint;
  size: number | bigint;
  headerOffset: number | bigint;
}

/** What a zip file is to hold. */
interface Contents {
  /** The data of each entry, by name. */
  entries: readonly (readonly [name: string, data: Uint8Array])[];
  /** What the directory is to say instead of the truth, by the name of an entry. */
  lies?: Record<string, Partial<Listed>>;
  /** Whether sizes and offsets stand in zip64 records. */
  zip64?: boolean;
  /** What follows the end record. */
  comment?: Uint8Array;
  /** Where the end record says that the directory begins. */
  directoryOffset?: number;
  /** How long the end record says that the directory is. */
  directoryLength?: number | bigint;
}

/** The bytes of a zip file. */
export function zipFile(contents: Contents): Uint8Array<ArrayBuffer> {
  const { entries, lies = {}, zip64 = false, comment = new Uint8Array(0) } = contents;
  const bodies: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, data] of entries) {
    const listed = {
      flags: 0,
      method: 0,
      checksum: crc32(data),
      compressedSize: data.length,
      size: data.length,
      headerOffset: offset,
      ...lies[name],
    };
    directory.push(directoryEntry(name, listed, zip64));
    const body = concatenate(localHeader(name, listed), latin1(name), data);
    bodies.push(body);
    offset += body.length;
  }
  const end = {
    entries: entries.length,
    start: contents.directoryOffset ?? offset,
    length: contents.directoryLength ?? concatenate(...directory).length,
  };
  const zip64Records = zip64 ? zip64End(end, concatenate(...bodies, ...directory).length) : [];
  return concatenate(
    ...bodies,
    ...directory,
    ...zip64Records,
    latin1("PK\x05\x06\0\0\0\0"),
    ...[u16(zip64 ? 0xffff : end.entries), u16(zip64 ? 0xffff : end.entries)],
    ...[u32(zip64 ? 0xffffffff : Number(end.length)), u32(zip64 ? 0xffffffff : end.start)],
    ...[u16(comment.length), comment],
  );
}

/** Version 4.5, the flags, the method, a time and a date of zero. */
function common({ flags, method, checksum }: Listed): Uint8Array {
  return concatenate(u16(45), u16(flags), u16(method), u32(0), u32(checksum));
}

/** As PyTorch writes it, the sizes are left to the directory. */
function localHeader(name: string, listed: Listed): Uint8Array {
  return concatenate(
    latin1("PK\x03\x04"),
    common(listed),
    ...[u32(0), u32(0)],
    ...[u16(name.length), u16(0)],
  );
}

function directoryEntry(name: string, listed: Listed, zip64: boolean): Uint8Array {
  const sizes = [listed.compressedSize, listed.size];
  const { headerOffset } = listed;
  const extra = zip64
    ? concatenate(u16(1), u16(24), u64(listed.size), u64(listed.compressedSize), u64(headerOffset))
    : new Uint8Array(0);
  return concatenate(
    latin1("PK\x01\x02"),
    u16(45),
    common(listed),
    ...sizes.map((size) => u32(zip64 ? 0xffffffff : Number(size))),
    ...[u16(name.length), u16(extra.length)],
    new Uint8Array(10), // no comment; disk and attributes of zero
    u32(zip64 ? 0xffffffff : Number(headerOffset)),
    latin1(name),
    extra,
  );
}

/** The zip64 end record, and the locator that points to it. */
function zip64End(
  end: { entries: number; start: number; length: number | bigint },
  recordStart: number,
): ArrayLike<number>[] {
  return [
    ...[latin1("PK\x06\x06"), u64(44), u16(45), u16(45), u32(0), u32(0)],
    ...[u64(end.entries), u64(end.entries), u64(end.length), u64(end.start)],
    ...[latin1("PK\x06\x07"), u32(0), u64(recordStart), u32(1)],
  ];
}
