/**
 * A matrix and its bias as they lie in an AlignSAE checkpoint.
 *
 * @module
 */
import type { Hash } from "node:crypto";
import { InputError } from "../../base/errors.ts";
import type { SteadyFile } from "../../files/steady_file.ts";
import type { PickledTensor } from "../../tensors/pickled_tensor.ts";
import { isFloating } from "../../tensors/stored_tensor.ts";
import type { TorchCheckpoint } from "../../tensors/torch_checkpoint.ts";
import { findElements } from "../../tensors/torch_elements.ts";
import { torchFileOf } from "../../tensors/torch_file.ts";
import { CHUNK_BYTES } from "../feature_ranges.ts";
import type { FeatureRows } from "../feature_rows.ts";
import { denseRows, type PassWish } from "./dense_rows.ts";
import { bytesOf, hashedRows } from "./hashed_rows.ts";

/** What was found out of a matrix on the way. */
export interface Passed {
  /** The products of its rows with vectors; undefined where it does not lie as it is, in float32. */
  readonly products: readonly Float64Array[] | undefined;
}

/** The parameters of one side of an SAE. */
export interface Parameters {
  /** The checkpoint, open. */
  readonly checkpoint: TorchCheckpoint;
  /** The matrix and then its bias, by the names that messages give them. */
  readonly dict: ReadonlyMap<string, PickledTensor>;
  /** The file, from which a large matrix is read later; undefined where bytes come from elsewhere. */
  readonly file: SteadyFile | undefined;
}

/**
 * Reads a matrix and its bias.
 *
 * @param wish The matrix, by its name, and whether it has a column for each feature; up to how many bytes
 * it is kept in memory, 64 MiB by default; what is found out on the way.
 * @param hash Is given the elements of both as float32, rows first.
 */
export async function readParameters(
  { checkpoint, dict, file }: Parameters,
  { wholeBytes = CHUNK_BYTES, ...wish }:
    & { name: string; isTransposed: boolean; wholeBytes: number | undefined }
    & PassWish,
  hash: Hash,
): Promise<{ rows: FeatureRows; bias: Float32Array<ArrayBuffer> } & Passed> {
  const matrix = { ...wish, wholeBytes };
  const names = [...dict.keys()];
  for (const [name, tensor] of dict) checkParameter(checkpoint, name, tensor);
  const now = torchFileOf({ checkpoint, dict });
  const later = file === undefined ? now : torchFileOf({ checkpoint, dict, file, verified: names });
  const passed = await denseRows({ checkpoint, dict, later }, matrix, hash);
  const { rows, products } = passed ??
    { rows: await hashedRows({ now, later }, matrix, hash), products: undefined };
  const bias = await now.read(names[1]!);
  hash.update(bytesOf(bias));
  return { rows, bias, products };
}

/** @throws {InputError} If a parameter is not all there, or holds no floating-point numbers. */
function checkParameter(checkpoint: TorchCheckpoint, name: string, tensor: PickledTensor): void {
  const { source: { name: path } } = checkpoint;
  const { dataType } = tensor.storage;
  if (!isFloating(dataType)) {
    throw new InputError(
      `${path} is no usable PyTorch checkpoint: tensor ${name} is ${dataType}, expected ` +
        "floating-point numbers",
    );
  }
  findElements(checkpoint, name, tensor);
}
