/** Writes values as pickles of protocol 2, as Python does it. */
import { concatenate, latin1, u32 } from "../tensors/bytes.ts";

/** What is written: `Map` as a dict, an array as a list. */
export type Picklable =
  | null
  | boolean
  | number
  | bigint
  | string
  | Picklable[]
  | Map<string, Picklable>;

/** The bytes of a pickle. */
export function writePickle(value: Picklable): Uint8Array<ArrayBuffer> {
  return concatenate(latin1("\x80\x02"), write(value), latin1("."));
}

function write(value: Picklable): Uint8Array<ArrayBuffer> {
  if (value === null) return latin1("N");
  if (typeof value === "boolean") return latin1(value ? "\x88" : "\x89");
  if (typeof value === "bigint") return writeLong(value);
  if (typeof value === "string") {
    const bytes = new TextEncoder().encode(value);
    return concatenate(latin1("X"), u32(bytes.length), bytes);
  }
  if (typeof value === "number") return writeNumber(value);
  if (Array.isArray(value)) return concatenate(latin1("]("), ...value.map(write), latin1("e"));
  const items = [...value].flatMap(([key, item]) => [write(key), write(item)]);
  return concatenate(latin1("}("), ...items, latin1("u"));
}

function writeNumber(value: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(9));
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31 && !Object.is(value, -0)) {
    view.setUint8(0, 0x4a); // BININT
    view.setInt32(1, value, true);
    return new Uint8Array(view.buffer, 0, 5);
  }
  view.setUint8(0, 0x47); // BINFLOAT
  view.setFloat64(1, value, false);
  return new Uint8Array(view.buffer);
}

/** LONG1: two's complement in as many bytes as it needs. */
function writeLong(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  } while (rest !== 0n && rest !== -1n || (rest === -1n) !== bytes.at(-1)! >= 0x80);
  return concatenate([0x8a, bytes.length], bytes);
}
