/**
 * A matrix that lies in a checkpoint as it is, in float32, read through once: its bytes are held
 * against the checksum, hashed and looked at while they are in the caches, and kept if they are few.
 *
 * @module
 */
import type { Hash } from "node:crypto";
import { timed } from "../../base/work_log.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { PickledTensor } from "../../tensors/pickled_tensor.ts";
import type { TorchCheckpoint } from "../../tensors/torch_checkpoint.ts";
import { findElements, IN_PARTS } from "../../tensors/torch_elements.ts";
import { zipEntryPieces } from "../../tensors/zip_entry.ts";
import { type FeatureRows, wholeColumns, wholeRows } from "../feature_rows.ts";
import { WeightPass } from "../weight_pass.ts";
import { featureRows } from "./stored_rows.ts";

/** What is to come of a pass over a matrix, beyond its rows. */
export interface PassWish {
  /** Vectors whose products with the rows of the matrix in the file are wanted. Default: none. */
  readonly vectors?: readonly Float64Array[] | undefined;
  /** Where the matrix goes if it is kept and as long as this. Default: into a new array. */
  readonly room?: Float32Array<ArrayBuffer> | undefined;
}

/** Which matrix, and how it is read. */
export interface DenseMatrix extends PassWish {
  /** Its name in the file. */
  readonly name: string;
  /** Whether it has a column for each feature, not a row. */
  readonly isTransposed: boolean;
  /** Up to how many bytes it is kept. */
  readonly wholeBytes: number;
}

/** What was read. */
export interface DenseRows {
  /** A row for each feature; they know their greatest magnitude. */
  readonly rows: FeatureRows;
  /** The products of the rows of the matrix in the file with each vector. */
  readonly products: readonly Float64Array[];
}

/**
 * Reads a matrix through.
 *
 * @param files The checkpoint, open, with its tensors, and the same for rows that are read `later`.
 * @param hash Is given its bytes.
 * @returns Undefined, before anything is read, if it lies otherwise.
 * @throws {InputError} If it is damaged, or one of its numbers is not finite.
 */
export async function denseRows(
  { checkpoint, dict, later }: {
    checkpoint: TorchCheckpoint;
    dict: ReadonlyMap<string, PickledTensor>;
    later: TensorFile;
  },
  { name, isTransposed, wholeBytes, vectors, room }: DenseMatrix,
  hash: Hash,
): Promise<DenseRows | undefined> {
  const { source } = checkpoint;
  const tensor = dict.get(name)!;
  const { entry, start, end } = findElements(checkpoint, name, tensor, IN_PARTS);
  const { storage: { dataType }, shape: [rows = 0, columns = 0], isContiguous } = tensor;
  const isWhole = start === 0 && end === entry.byteLength && entry.deflatedLength === undefined;
  if (dataType !== "float32" || !isContiguous || !isWhole) return undefined;
  const { byteLength } = entry;
  const kept = byteLength > wholeBytes
    ? undefined
    : room?.byteLength === byteLength
    ? room
    : new Float32Array(byteLength / 4);
  using pass = new WeightPass({ rows, columns, vectors });
  let at = 0;
  for await (const piece of zipEntryPieces(source, entry, undefined, pass.room)) {
    timed("hash", () => hash.update(piece));
    const values = new Float32Array(piece.buffer, piece.byteOffset, piece.length / 4);
    pass.see(values);
    kept?.set(values, at);
    at += values.length;
  }
  pass.checkFinite(`${source.name}: tensor ${name}`);
  const { greatest, products } = pass;
  if (kept === undefined) {
    return {
      rows: { ...featureRows(later, name, isTransposed, { wholeBytes }), greatest },
      products,
    };
  }
  return {
    rows: { ...isTransposed ? wholeColumns(kept, rows) : wholeRows(kept, columns), greatest },
    products,
  };
}
