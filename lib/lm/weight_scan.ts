/**
 * Looks at weights as they are read from a file: how large they are, and what they are in float32 if
 * that is wanted. `weight_reader_worker.ts` does the same in a thread of its own.
 *
 * @module
 */
import { FileSource, readInto } from "../files/byte_source.ts";
import { greatestMagnitude, greatestStored } from "../tensors/magnitude.ts";
import { BYTES_PER_ELEMENT, type DataType, toFloat32 } from "../tensors/stored_tensor.ts";

/** How much is read at a time, in bytes: a multiple of every element's size. */
const CHUNK_BYTES = 2 ** 22;

/** A weight whose bytes lie one after the other. */
export interface StoredWeight {
  /** Its name without a prefix. */
  readonly name: string;
  /** The file. */
  readonly path: string;
  /** Where it begins, in bytes from the start of the file. */
  readonly offset: number;
  /** Its length, in bytes. */
  readonly byteLength: number;
  /** The type of its elements, a floating-point one. */
  readonly dataType: DataType;
}

/** What was seen of a weight. */
export interface ScannedWeight {
  /** Its name without a prefix. */
  readonly name: string;
  /** The greatest magnitude in it; finite if and only if all of it is. */
  readonly greatest: number;
  /** All of it in float32, if that was wanted. */
  readonly values?: Float32Array<ArrayBuffer> | undefined;
}

/** What is wanted of a weight. */
export interface ScanOptions {
  /** Whether its numbers are wanted, too. Default: only how large they are. */
  readonly wantsValues?: boolean | undefined;
}

/**
 * Reads a weight, a part at a time.
 *
 * @throws {InputError} If it cannot be read.
 */
export async function scanWeight(
  { name, path, offset, byteLength, dataType }: StoredWeight,
  { wantsValues = false }: ScanOptions = {},
): Promise<ScannedWeight> {
  const size = BYTES_PER_ELEMENT[dataType];
  const values = wantsValues ? new Float32Array(byteLength / size) : undefined;
  using source = await FileSource.open(path);
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, byteLength));
  let greatest = 0;
  for (let start = 0; start < byteLength; start += CHUNK_BYTES) {
    const bytes = chunk.subarray(0, Math.min(CHUNK_BYTES, byteLength - start));
    await readInto(source, offset + start, bytes);
    const stored = greatestStored(bytes, dataType);
    if (values === undefined && stored !== undefined) {
      greatest = Math.max(greatest, stored);
      continue;
    }
    const part = toFloat32(bytes, dataType)!;
    values?.set(part, start / size);
    greatest = Math.max(greatest, stored ?? greatestMagnitude(part));
  }
  return { name, greatest, values };
}
