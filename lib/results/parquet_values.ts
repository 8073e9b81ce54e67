/**
 * The values of a column as the bytes that a page of a Parquet file holds of them.
 *
 * Source: https://parquet.apache.org/docs/file-format/data-pages/encodings/
 *
 * @module
 */
import { ByteWriter } from "hyparquet-writer";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import { NO_FLAG, type TableValues } from "./table_column.ts";
import { repeatedDoubles } from "./repeated_doubles.ts";

/** Values as bytes. */
export interface EncodedValues {
  /** How many rows there are. */
  readonly rows: number;
  /** How many of them have no value. */
  readonly nulls: number;
  /** Which: definition levels, encoded. */
  readonly levels: Uint8Array;
  /** The different values, if `data` says by their numbers which is where. */
  readonly dictionary?: { readonly count: number; readonly bytes: Uint8Array } | undefined;
  /** The values that there are. */
  readonly data: Uint8Array;
  /** The least and the greatest of them; undefined if there is none. */
  readonly range: readonly [Extreme, Extreme] | undefined;
}

/** The least or the greatest value of a column. */
export type Extreme = string | number | boolean;

/** Encodes the values of a column. */
export function encodeValues(values: TableValues): EncodedValues {
  if (values instanceof Float64Array) return encodeDoubles(values);
  if (values instanceof Int32Array) return encodeIntegers(values);
  if (values instanceof Uint8Array) return encodeFlags(values);
  const { same, count: rows } = values;
  const numbers = new ByteWriter();
  numbers.appendUint8(0); // of one value, a number has no bit
  numbers.appendVarInt(rows << 1);
  const dictionary = { count: 1, bytes: valueBytes(same) };
  const data = numbers.getBytes();
  return { rows, nulls: 0, levels: allThere(rows), dictionary, data, range: [same, same] };
}

function valueBytes(value: string | number): Uint8Array {
  const bytes = new ByteWriter();
  if (typeof value === "number") {
    bytes.appendInt32(value);
    return bytes.getBytes();
  }
  const text = new TextEncoder().encode(value);
  bytes.appendUint32(text.length);
  bytes.appendBytes(text);
  return bytes.getBytes();
}

function encodeIntegers(values: Int32Array<ArrayBuffer>): EncodedValues {
  const [rows, data] = [values.length, bytesOf(values)];
  return { rows, nulls: 0, levels: allThere(rows), data, range: rangeOf(values) };
}

/** A bit a value. */
function encodeFlags(flags: Uint8Array): EncodedValues {
  const rows = flags.length;
  const isThere = new Uint8Array(rows);
  const bits = new Uint8Array(Math.ceil(rows / 8));
  let [there, set] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const flag = flags[row]!;
    if (flag === NO_FLAG) continue;
    isThere[row] = 1;
    bits[there >> 3]! |= flag << (there & 7);
    there++;
    set += flag;
  }
  const range = there === 0 ? undefined : [set === there, set > 0] as const;
  const data = bits.subarray(0, Math.ceil(there / 8));
  const nulls = rows - there;
  return { rows, nulls, levels: levelsOf(isThere, nulls), data, range };
}

/** By a dictionary where that is half as long, and otherwise as they lie in memory. */
function encodeDoubles(values: Float64Array<ArrayBuffer>): EncodedValues {
  const rows = values.length;
  const isThere = new Uint8Array(rows);
  let there = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (value === value) isThere[row] = 1, there++; // no NaN
  }
  const some = there === rows ? values : values.filter((value) => value === value);
  const levels = levelsOf(isThere, rows - there);
  const known = { rows, nulls: rows - there, levels, range: rangeOf(some) };
  const repeated = repeatedDoubles(some);
  if (repeated === undefined) return { ...known, data: bytesOf(some) };
  const { distinct, numbers, bits } = repeated;
  const coded = new ByteWriter();
  coded.appendUint8(bits);
  writeRleBitPackedHybrid(coded, numbers, bits);
  const dictionary = { count: distinct.length, bytes: bytesOf(distinct) };
  return { ...known, dictionary, data: coded.getBytes() };
}

/** Definition levels, encoded: 1 where there is a value. */
function levelsOf(isThere: Uint8Array, nulls: number): Uint8Array {
  if (nulls === 0) return allThere(isThere.length);
  const levels = new ByteWriter();
  writeRleBitPackedHybrid(levels, isThere, 1);
  return levels.getBytes();
}

/** The same for rows that all have a value: one run. */
function allThere(rows: number): Uint8Array {
  const levels = new ByteWriter();
  levels.appendVarInt(rows << 1);
  levels.appendUint8(1);
  return levels.getBytes();
}

/** The least and the greatest number; of zeros, the negative one is the least, as Parquet wants it. */
function rangeOf(values: Float64Array | Int32Array): readonly [number, number] | undefined {
  if (values.length === 0) return undefined;
  let [least, greatest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least === 0 ? -0 : least, greatest === 0 ? 0 : greatest];
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
