/**
 * Reads the directory of a safetensors file.
 *
 * Source: https://github.com/huggingface/safetensors#format
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../base/errors.ts";
import { checkAgainst, parseBounded } from "../files/json.ts";
import type { ByteSource } from "../files/byte_source.ts";
import { UntrustedMap } from "../files/untrusted_keys.ts";
import {
  BYTES_PER_ELEMENT,
  type DataType,
  elementCount,
  shapeText,
  type StoredTensor,
} from "./stored_tensor.ts";

/** The longest header that the format allows, in bytes. */
const MAX_HEADER_BYTES = 100_000_000;

const DATA_TYPES: Readonly<Record<string, DataType>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U8: "uint8",
  BOOL: "bool",
};

const size = z.number().int().nonnegative();

/** Not a record, for which zod would make another object of all the names. */
const headerSchema = z.custom<object>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  { error: "Invalid input: expected an object of tensors" },
);
const tensorSchema = z.object({
  dtype: z.string(),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});
/** The most axes a tensor can have: as many as in PyTorch. */
const MAX_AXES = 64;

/**
 * Lists the tensors of a safetensors file; only its header is read.
 *
 * @param onUnknown Told the names and types of tensors that are left out.
 * @returns The tensors by name. Those of types unknown to coact are left out.
 * @throws {InputError} If the file is no safetensors file, or contradicts itself.
 */
export async function readSafetensors(
  source: ByteSource,
  onUnknown: (name: string, type: string) => void = () => {},
): Promise<ReadonlyMap<string, StoredTensor>> {
  const header = await readHeader(source);
  const dataStart = source.byteLength - header.dataBytes;
  const tensors = new UntrustedMap<StoredTensor>();
  for (const [name, { dtype, shape, data_offsets: [start, end] }] of header.entries) {
    if (start > end || end > header.dataBytes) {
      throw damaged(
        source,
        `tensor ${name} lies at bytes ${start} to ${end} of ${header.dataBytes}; it may be truncated`,
      );
    }
    const dataType = Object.hasOwn(DATA_TYPES, dtype) ? DATA_TYPES[dtype] : undefined;
    if (dataType === undefined) {
      onUnknown(name, dtype);
      continue;
    }
    const needed = elementCount(shape) * BYTES_PER_ELEMENT[dataType];
    if (needed !== end - start) {
      throw damaged(
        source,
        `tensor ${name} of shape ${shapeText(shape)} needs ${needed} bytes but has ${end - start}`,
      );
    }
    tensors.set(name, {
      name,
      dataType,
      shape,
      offset: dataStart + start,
      byteLength: end - start,
    });
  }
  checkCover(source, header);
  return tensors;
}

type HeaderEntry = z.infer<typeof tensorSchema>;

interface Header {
  entries: (readonly [string, HeaderEntry])[];
  dataBytes: number;
}

async function readHeader(source: ByteSource): Promise<Header> {
  if (source.byteLength < 8) throw damaged(source, `it has only ${source.byteLength} bytes`);
  const length = new DataView((await source.read(0, 8)).buffer).getBigUint64(0, true);
  if (length > Math.min(MAX_HEADER_BYTES, source.byteLength - 8)) {
    throw damaged(
      source,
      `its header claims ${length} bytes of the file's ${source.byteLength}`,
    );
  }
  const headerEnd = 8 + Number(length);
  const value = parseBounded(
    decode(source, await source.read(8, headerEnd)),
    `${source.name}: its header`,
  );
  const entries = Object.entries(checkAgainst(headerSchema, value, `${source.name}: its header`))
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => [name, checkEntry(source, name, entry)] as const);
  return { entries, dataBytes: source.byteLength - headerEnd };
}

function decode(source: ByteSource, header: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header);
  } catch {
    throw damaged(source, "its header is no UTF-8 text");
  }
}

/** One by one, so that a header of nothing but mistakes ends with the first. */
function checkEntry(source: ByteSource, name: string, entry: unknown): HeaderEntry {
  const { shape } = (entry ?? {}) as { shape?: unknown };
  if (Array.isArray(shape) && shape.length > MAX_AXES) {
    throw damaged(source, `tensor ${name} has ${shape.length} axes`);
  }
  return checkAgainst(tensorSchema, entry, `${source.name}: its header: ${name}`);
}

/** The format demands that each byte belongs to one tensor: none to two, and none to none. */
function checkCover(source: ByteSource, { entries, dataBytes }: Header): void {
  const byStart = entries
    .map(([name, { data_offsets: [start, end] }]) => ({ name, start, end }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let [previous, previousEnd] = ["", 0];
  for (const { name, start, end } of [...byStart, { name: "", start: dataBytes, end: dataBytes }]) {
    if (start < previousEnd) throw damaged(source, `tensor ${name} overlaps tensor ${previous}`);
    if (start > previousEnd) {
      throw damaged(source, `its bytes ${previousEnd} to ${start} belong to no tensor`);
    }
    [previous, previousEnd] = [name, end];
  }
}

function damaged(source: ByteSource, why: string): InputError {
  return new InputError(`${source.name} is no usable safetensors file: ${why}`);
}
