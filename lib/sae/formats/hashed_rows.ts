/**
 * A matrix that is hashed as it is read through, and kept if it is small. A large one is read again,
 * some features at a time.
 *
 * @module
 */
import type { Hash } from "node:crypto";
import { timed } from "../../base/work_log.ts";
import { elementCount } from "../../tensors/stored_tensor.ts";
import { type TensorFile, tensorNamed } from "../../tensors/tensor_file.ts";
import { type FeatureRows, wholeColumns, wholeRows } from "../feature_rows.ts";
import { CHUNK_BYTES } from "../feature_ranges.ts";
import { featureRows } from "./stored_rows.ts";

/** Which matrix, and how it is read. */
export interface HashedMatrix {
  /** Its name in the file. */
  readonly name: string;
  /** Whether it has a column for each feature, not a row. */
  readonly isTransposed: boolean;
  /** Up to how many bytes it is kept, as float32. Default: those of a chunk. */
  readonly wholeBytes?: number | undefined;
}

/**
 * Reads a matrix through.
 *
 * @param files The file `now`, and the same for rows that are read `later`, when `now` may be closed.
 * @param hash Is given its elements as float32, rows first.
 * @throws {InputError} If it is damaged, or one of its numbers is not finite.
 */
export async function hashedRows(
  { now, later }: { now: TensorFile; later: TensorFile },
  { name, isTransposed, wholeBytes = CHUNK_BYTES }: HashedMatrix,
  hash: Hash,
): Promise<FeatureRows> {
  const { shape } = tensorNamed(now, name);
  if (4 * elementCount(shape) > wholeBytes) {
    for await (const piece of now.pieces(name)) timed("hash", () => hash.update(bytesOf(piece)));
    return featureRows(later, name, isTransposed, { wholeBytes });
  }
  const values = await now.read(name);
  timed("hash", () => hash.update(bytesOf(values)));
  const [height, width] = shape as [number, number];
  return isTransposed ? wholeColumns(values, height) : wholeRows(values, width);
}

/** The bytes of numbers. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
