/**
 * Finds the weights of a language model in its Hugging Face directory; none is read.
 *
 * @module
 */
import type { WeightSource } from "../compute/session_weights.ts";
import { InputError } from "../base/errors.ts";
import { isFileThere } from "../files/look.ts";
import { findUnfinishedDownload, unfinishedAdvice } from "../files/unexpected_content.ts";
import { UntrustedMap } from "../files/untrusted_keys.ts";
import { openTensorFile } from "../tensors/open_tensor_file.ts";
import {
  BYTES_PER_ELEMENT,
  type DataType,
  elementCount,
  shapeText,
} from "../tensors/stored_tensor.ts";
import { type TensorFile, type TensorInfo, tensorNamed } from "../tensors/tensor_file.ts";
import { openTensorShards } from "../tensors/tensor_shards.ts";
import { rejectWithoutWeights } from "./no_weights.ts";

/** What wrappers put before all names: DataParallel, torch.compile. */
const WRAPPERS = /^(?:module\.|_orig_mod\.)*/;

/** The weights of a model. */
export interface ModelWeights {
  /** Where they are. */
  readonly file: TensorFile;
  /** What each is called there, by its name without the architecture's prefix. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The names under which weights are looked for, in the order of `transformers`. A single shard
 * needs no index.
 */
const WEIGHT_FILES: readonly (readonly [string, (path: string) => Promise<TensorFile>])[] = [
  ["model.safetensors", openTensorFile],
  ["model.safetensors.index.json", openTensorShards],
  ["model-00001-of-00001.safetensors", openTensorFile],
  ["pytorch_model.bin", openTensorFile],
  ["pytorch_model.bin.index.json", openTensorShards],
  ["pytorch_model-00001-of-00001.bin", openTensorFile],
];

/** Types of weights that coact computes with. */
const FLOATING: readonly DataType[] = ["float64", "float32", "float16", "bfloat16"];

/**
 * Finds the weights in a Hugging Face directory: a file or shards with an index, in safetensors or
 * as PyTorch writes them.
 *
 * @throws {InputError} If none of them is there, the one that is there is damaged, or one that goes
 * before it is being downloaded: it may be another model.
 */
export async function findWeights(directory: string): Promise<TensorFile> {
  let unfinished: string | undefined;
  for (const [name, open] of WEIGHT_FILES) {
    const path = `${directory}/${name}`;
    if (!await isFileThere(path)) {
      unfinished ??= await findUnfinishedDownload(path);
      continue;
    }
    if (unfinished !== undefined) {
      throw new InputError(`${path} is not taken${unfinishedAdvice(unfinished)}`);
    }
    return await open(path);
  }
  return await rejectWithoutWeights(directory);
}

/**
 * Lists weights by their names without a prefix.
 *
 * @param prefix What an architecture's files may put before them: `transformer.`.
 * @throws {InputError} If two of them are one without it.
 */
export function nameWeights(file: TensorFile, prefix: string): ModelWeights {
  const { path, tensors, unreadable } = file;
  const names = new UntrustedMap<string>();
  for (const name of [...tensors.keys(), ...unreadable.keys()]) {
    const unwrapped = name.replace(WRAPPERS, "");
    const short = unwrapped.startsWith(prefix) ? unwrapped.slice(prefix.length) : unwrapped;
    if (names.has(short)) {
      throw new InputError(
        `${path} has two tensors ${short}: ${names.get(short)} and ${name}, of which one would ` +
          "have to be guessed",
      );
    }
    names.set(short, name);
  }
  return { file, names };
}

/**
 * A weight by its name, checked to have the shape that the model's configuration calls for.
 *
 * @throws {InputError} If it is missing, of another shape, or no floating-point tensor.
 */
export function weightOf(
  { file, names }: ModelWeights,
  name: string,
  shape: readonly number[],
): TensorInfo {
  const tensor = tensorNamed(file, names.get(name) ?? name);
  const { path } = tensor;
  if (shapeText(tensor.shape) !== shapeText(shape)) {
    throw new InputError(
      `${path}: tensor ${name} has shape ${shapeText(tensor.shape)}, expected ${shapeText(shape)}`,
    );
  }
  if (!FLOATING.includes(tensor.dataType)) {
    throw new InputError(
      `${path}: tensor ${name} is ${tensor.dataType}, expected ${
        FLOATING.slice(0, -1).join(", ")
      } ` +
        `or ${FLOATING.at(-1)}`,
    );
  }
  return tensor;
}

/**
 * Weights by their names, each checked as {@linkcode weightOf} does.
 *
 * @param shapes Their shapes by name, without a prefix.
 * @throws {InputError} Naming the first that is missing or of another shape.
 */
export function weightsOf(
  weights: ModelWeights,
  shapes: ReadonlyMap<string, readonly number[]>,
): Map<string, WeightSource> {
  return new Map(
    [...shapes].map(([name, shape]) => [
      name,
      { file: weights.file, tensor: weightOf(weights, name, shape) },
    ]),
  );
}

/** How often a file's bytes may be used over: views that repeat them would make it of any size. */
const MAX_REUSE = 2;

/**
 * Makes sure that all of some weights are there and of the right shapes; none is read.
 *
 * @param shapes Their shapes by name, without a prefix.
 * @throws {InputError} Naming the first that is not.
 */
export function checkWeightShapes(
  weights: ModelWeights,
  shapes: ReadonlyMap<string, readonly number[]>,
): void {
  const { path, files } = weights.file;
  let bytes = 0;
  for (const { tensor } of weightsOf(weights, shapes).values()) {
    weights.file.place(tensor.name); // fails if the bytes are not all there
    bytes += elementCount(tensor.shape) * BYTES_PER_ELEMENT[tensor.dataType];
  }
  const available = files.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (bytes <= MAX_REUSE * available) return;
  throw new InputError(
    `${path} has ${available} bytes, but its tensors ${bytes}: they share storage`,
  );
}
