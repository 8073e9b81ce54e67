/**
 * A matrix of an AlignSAE checkpoint: hashed as it is read through, and kept if it is small. A large
 * one is read again, some features at a time.
 *
 * @module
 */
import type { Hash } from "node:crypto";
import type { SteadyFile } from "../../files/steady_file.ts";
import type { PickleDict } from "../../tensors/pickle_values.ts";
import { elementCount } from "../../tensors/stored_tensor.ts";
import {
  piecesOfTorchFloat32,
  readTorchFloat32,
  type TorchCheckpoint,
} from "../../tensors/torch_checkpoint.ts";
import { torchFileOf } from "../../tensors/torch_file.ts";
import type { PickledTensor } from "../../tensors/torch_pickle.ts";
import { CHUNK_BYTES, type FeatureRows, wholeColumns, wholeRows } from "../feature_rows.ts";
import { featureRows } from "./matrices.ts";

/** Where a matrix lies. */
export interface CheckpointMatrix {
  /** The dict of the parameters. */
  readonly dict: PickleDict;
  /** What it is called there. */
  readonly storedName: string;
  /** What it is called in messages. */
  readonly name: string;
  /** The matrix. */
  readonly tensor: PickledTensor;
  /** Whether it has a column for each feature. Default: a row. */
  readonly isTransposed?: boolean | undefined;
  /** The file, for later; undefined where bytes come from elsewhere. */
  readonly file: SteadyFile | undefined;
  /** Up to how many bytes it is kept. Default: those of a chunk. */
  readonly wholeBytes?: number | undefined;
}

/**
 * Reads a matrix through.
 *
 * @param hash Is given its elements as float32, rows first.
 * @throws {InputError} If it is damaged, or one of its numbers is not finite.
 */
export async function readMatrix(
  checkpoint: TorchCheckpoint,
  matrix: CheckpointMatrix,
  hash: Hash,
): Promise<FeatureRows> {
  const { name, tensor, isTransposed = false, file } = matrix;
  const { wholeBytes = CHUNK_BYTES } = matrix;
  const isLarge = 4 * elementCount(tensor.shape) > wholeBytes;
  const pieces = file && isLarge ? piecesOfTorchFloat32(checkpoint, name, tensor) : undefined;
  if (file === undefined || pieces === undefined) {
    const values = await readTorchFloat32(checkpoint, name, tensor);
    hash.update(bytesOf(values));
    const [height, width] = tensor.shape as [number, number];
    return isTransposed ? wholeColumns(values, height) : wholeRows(values, width);
  }
  for await (const piece of pieces) hash.update(bytesOf(piece));
  return rowsToRead(checkpoint, { ...matrix, file });
}

/** The rows of a matrix, of which none is read yet. */
export function rowsToRead(
  checkpoint: TorchCheckpoint,
  { file, dict, storedName, isTransposed = false, wholeBytes }: CheckpointMatrix & {
    readonly file: SteadyFile;
  },
): FeatureRows {
  const stored = torchFileOf(file, { checkpoint, dict }, [storedName]);
  return featureRows(stored, storedName, isTransposed, { wholeBytes });
}

/** The bytes of numbers. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
