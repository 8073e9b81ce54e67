/**
 * Writes files as `torch.save` does, as small as they can be: a stored zip of a pickle and the bytes
 * of storages. For what PyTorch itself writes, see `tests/fixtures`.
 */
import { crc32 } from "node:zlib";

/** A pickle that is written as it stands. */
export class RawPickle {
  constructor(readonly opcodes: string) {}
}

/** A pickle of protocol 0 from its opcodes. */
export function pickleOf(opcodes: string): RawPickle {
  return new RawPickle(opcodes);
}

/** A tensor, dense, rows first, whose elements are the storage `key`. Default: of float32. */
export function torchTensor(key: string, shape: readonly number[], type?: string): RawPickle {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const elements = shape.reduce((product, size) => product * size, 1);
  return torchView(key, { shape, strides, elements, ...(type !== undefined && { type }) });
}

/** How long a storage has to be for a view of it, in elements. */
function spanOf(shape: readonly number[], strides: readonly number[], start: number): number {
  return shape.reduce((end, size, axis) => end + (size - 1) * strides[axis]!, start) + 1;
}

/** A view of the storage `key`: where it begins and what its strides are, in elements. */
export function torchView(
  key: string,
  { shape, strides, start = 0, type = "FloatStorage", elements = spanOf(shape, strides, start) }: {
    shape: readonly number[];
    strides: readonly number[];
    start?: number;
    type?: string;
    elements?: number;
  },
): RawPickle {
  const storage = `(Vstorage\nctorch\n${type}\nV${key}\nVcpu\nI${elements}\ntQ`;
  const parts = [storage, `I${start}\n`, tuple(shape), tuple(strides), "I00\n", "N"];
  return new RawPickle(`ctorch._utils\n_rebuild_tensor_v2\n(${parts.join("")}tR`);
}

/** The bytes of a checkpoint. Fields that are undefined are left out. */
export function torchFile(
  content: Record<string, unknown> | RawPickle,
  storages: Record<string, Float32Array | Int32Array>,
): Uint8Array {
  const pickle = content instanceof RawPickle ? content.opcodes : `${opcodesOf(content)}.`;
  return zip({
    "archive/data.pkl": Uint8Array.from(pickle, (character) => character.charCodeAt(0)),
    ...Object.fromEntries(
      Object.entries(storages).map(([key, values]) => [
        `archive/data/${key}`,
        new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      ]),
    ),
    "archive/version": new TextEncoder().encode("3\n"),
  });
}

/** The opcodes of plain values, dicts and raw pickles. */
export function opcodesOf(value: unknown): string {
  if (value instanceof RawPickle) return value.opcodes;
  if (value === null) return "N";
  if (typeof value === "boolean") return value ? "I01\n" : "I00\n";
  if (typeof value === "number") return Number.isInteger(value) ? `I${value}\n` : `F${value}\n`;
  if (typeof value === "string") return `V${value}\n`;
  const items = Object.entries(value as object).filter(([, item]) => item !== undefined);
  return `(${items.map(([key, item]) => opcodesOf(key) + opcodesOf(item)).join("")}d`;
}

function tuple(values: readonly number[]): string {
  return `(${values.map((value) => `I${value}\n`).join("")}t`;
}

/** A zip file of stored entries. Source: APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16. */
export function zip(entries: Record<string, Uint8Array>): Uint8Array {
  const body: number[] = [];
  const directory: number[] = [];
  for (const [name, data] of Object.entries(entries)) {
    const path = [...new TextEncoder().encode(name)];
    const sizes = [...u32(crc32(data)), ...u32(data.length), ...u32(data.length)];
    const fixed = [...u16(10), ...u16(0), ...u16(0), ...u16(0), ...u16(0), ...sizes];
    const names = [...u16(path.length), ...u16(0)];
    directory.push(...u32(0x02014b50), ...u16(10), ...fixed, ...names);
    directory.push(...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(body.length), ...path);
    body.push(...u32(0x04034b50), ...fixed, ...names, ...path);
    for (const byte of data) body.push(byte);
  }
  const count = u16(Object.keys(entries).length);
  const end = [...u32(0x06054b50), ...u16(0), ...u16(0), ...count, ...count];
  end.push(...u32(directory.length), ...u32(body.length), ...u16(0));
  return Uint8Array.from([...body, ...directory, ...end]);
}

function u16(value: number): number[] {
  return [value & 255, value >>> 8 & 255];
}

function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}
