/**
 * Finds the SAE of a layer and reads its encoder, and nothing else of a file of up to a gigabyte.
 *
 * Source of the layout: the training scripts of AlignSAE, https://arxiv.org/abs/2512.02004.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { InputError } from "../../base/errors.ts";
import { type ByteSource, FileSource } from "../../files/byte_source.ts";
import { isFileThere } from "../../files/look.ts";
import { SteadyFile } from "../../files/steady_file.ts";
import { findUnfinishedDownload, unfinishedAdvice } from "../../files/unexpected_content.ts";
import { OpaqueValue, PickleDict, type PickleValue } from "../../tensors/pickle_values.ts";
import { shapeText } from "../../tensors/stored_tensor.ts";
import {
  findElements,
  openTorchCheckpoint,
  readTorchFloat32,
  type TorchCheckpoint,
} from "../../tensors/torch_checkpoint.ts";
import type { PickledTensor } from "../../tensors/torch_pickle.ts";
import { bytesOf, readMatrix, rowsToRead } from "./checkpoint_matrix.ts";
import type { FeatureRows } from "../feature_rows.ts";
import { type Declared, readDeclarations } from "./declared_sizes.ts";
import { type Sae, type SaeDecoder, saeOf, type SaeShape } from "../sae.ts";
import { countValueHeads, shapeOf } from "./shape_of.ts";
import { StateDict } from "./state_dict.ts";

/** The names of a layer's checkpoint, in the order in which they are looked for. */
export const CHECKPOINT_NAMES = [
  "sae_best.pt",
  "sae_final.pt",
  "traditional_sae_final.pt",
] as const;

/** The checkpoint of a layer: found, its sizes known and checked, its weights not yet read. */
export interface SaeCheckpoint {
  /** The file. */
  readonly path: string;
  /** The layer it was found for. */
  readonly layer: number;
  /** What it holds. */
  readonly shape: SaeShape;
  /** The file as it was when this was read of it. */
  readonly file: SteadyFile;
  /** The name of the file that it was trained on, if it says it: `train_activations_layer6.pkl`. */
  readonly trainedOn: string | undefined;
  /** Whether it says how many features it has, as only traditional SAEs of two-hop questions do. */
  readonly saysFeatures: boolean;
}

/** What was read from a checkpoint. */
export interface LoadedSae {
  /** The encoder. */
  readonly sae: Sae;
  /** What the file says that it holds. */
  readonly shape: SaeShape;
  /** The SHA-256 of what the results depend on: the pickle, then weight and bias as float32. */
  readonly sha256: string;
  /** How much of the file was read, in bytes. */
  readonly bytesRead: number;
  /** How long the file is, in bytes. */
  readonly byteLength: number;
}

/** What was read of a decoder. */
export interface LoadedDecoder {
  /** The decoder; undefined if the checkpoint has none. */
  readonly decoder: SaeDecoder | undefined;
  /** The SHA-256 of its weight and bias as float32, rows first; null if there is none. */
  readonly sha256: string | null;
  /** How much of the file was read, in bytes. */
  readonly bytesRead: number;
}

/** How matrices are read. */
export interface MatrixOptions {
  /** Up to how many bytes one is kept in memory; of others rows are read again. Default: 64 MiB. */
  readonly wholeBytes?: number | undefined;
}

/**
 * Looks for the checkpoint of a layer. Only where nothing is of a name is the next one looked for.
 *
 * @returns The file, or the paths tried if there is none.
 * @throws {InputError} If one of the names is something else than a file, such as a link that leads
 * nowhere, cannot be looked at, or is being downloaded: the next one would be another SAE.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findCheckpoint } from "@coact/coact";
 *
 * assert.deepEqual(await findCheckpoint("demo/sae", 6), { path: "demo/sae/layer6/sae_best.pt" });
 * assert("tried" in await findCheckpoint("demo/sae", 12));
 * ```
 */
export async function findCheckpoint(
  saeDirectory: string,
  layer: number,
): Promise<{ path: string } | { tried: string[] }> {
  const tried = CHECKPOINT_NAMES.map((name) => `${saeDirectory}/layer${layer}/${name}`);
  for (const path of tried) {
    if (await isFileThere(path)) return { path };
    const download = await findUnfinishedDownload(path);
    if (download !== undefined) {
      throw new InputError(`${path} does not exist${unfinishedAdvice(download)}`);
    }
  }
  return { tried };
}

/**
 * Reads what a checkpoint holds, without its weights.
 *
 * @throws {InputError} If it is no SAE checkpoint, or contradicts itself.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openSaeCheckpoint } from "@coact/coact";
 *
 * const { shape } = await openSaeCheckpoint("demo/sae/layer6/sae_best.pt", 6);
 * assert.deepEqual([shape.kind, shape.freeCount, shape.slotCount], ["supervised", 1000, 6]);
 * ```
 */
export async function openSaeCheckpoint(path: string, layer: number): Promise<SaeCheckpoint> {
  using source = await FileSource.open(path);
  const { shape, declared } = describeEncoder(await openCheckpoint(source));
  const { args, n_features } = declared;
  return {
    path,
    layer,
    shape,
    file: SteadyFile.of(source),
    trainedOn: args.activation_file,
    saysFeatures: n_features !== undefined,
  };
}

/**
 * Reads the encoder of an SAE: from several hundred megabytes just its weight and bias, checked
 * against the checksums in the file. A large weight is not kept: its rows are read when they are used.
 *
 * @throws {InputError} If the file is no SAE checkpoint, contradicts itself or is damaged, or a
 * weight is NaN or infinite.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadSae } from "@coact/coact";
 *
 * const { sae } = await loadSae("demo/sae/layer6/sae_best.pt");
 * assert.equal((await sae.rows.read(0, 10)).length, 10 * sae.width);
 * ```
 */
export async function loadSae(path: string, options: MatrixOptions = {}): Promise<LoadedSae> {
  using source = await FileSource.open(path);
  const file = SteadyFile.of(source);
  const { sae, shape, sha256 } = await readSae(source, { ...options, file });
  return { sae, shape, sha256, bytesRead: source.bytesRead, byteLength: source.byteLength };
}

/**
 * Reads the decoder of an SAE, if the checkpoint holds one.
 *
 * @throws {InputError} If it is damaged, or does not fit the encoder.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadDecoder } from "@coact/coact";
 *
 * const { decoder } = await loadDecoder("demo/sae/layer6/sae_best.pt");
 * assert.equal((await decoder!.rows.read(0, 1006)).length, 1006 * decoder!.bias.length);
 * ```
 */
export async function loadDecoder(
  path: string,
  { wholeBytes }: MatrixOptions = {},
): Promise<LoadedDecoder> {
  using source = await FileSource.open(path);
  const checkpoint = await openCheckpoint(source);
  const { shape, state } = describeEncoder(checkpoint);
  const [weight, bias] = [state.tensor("decoder.weight"), state.tensor("decoder.bias")];
  if (weight === undefined || bias === undefined) {
    return { decoder: undefined, sha256: null, bytesRead: source.bytesRead };
  }
  const expected = [shape.width, shape.featureCount];
  if (
    shapeText(weight.shape) !== shapeText(expected) ||
    shapeText(bias.shape) !== shapeText([shape.width])
  ) {
    throw new InputError(
      `${path}: decoder.weight has shape ${shapeText(weight.shape)} and decoder.bias ` +
        `${shapeText(bias.shape)}, expected ${shapeText(expected)} and [${shape.width}]`,
    );
  }
  const hash = createHash("sha256");
  const rows = await readMatrix(checkpoint, {
    ...matrixNamed(state, "decoder.weight", weight),
    isTransposed: true,
    file: SteadyFile.of(source),
    wholeBytes,
  }, hash);
  const values = await readTorchFloat32(checkpoint, "decoder.bias", bias);
  hash.update(bytesOf(values));
  const { width, featureCount } = shape;
  const decoder = { width, featureCount, bias: values, restores: true, predicts: false, rows };
  return { decoder, sha256: hash.digest("hex"), bytesRead: source.bytesRead };
}

/**
 * Reads the encoder of an SAE from wherever its bytes are.
 *
 * @param options The file, from which a large encoder is read some features at a time.
 * @throws {InputError} As {@linkcode loadSae} does.
 */
export async function readSae(
  source: ByteSource,
  { file, wholeBytes }: { file?: SteadyFile | undefined } & MatrixOptions = {},
): Promise<Pick<LoadedSae, "sae" | "shape" | "sha256">> {
  const checkpoint = await openCheckpoint(source);
  const { shape, state, tensors } = describeEncoder(checkpoint);
  const hash = createHash("sha256").update(checkpoint.pickle);
  const matrix = { ...matrixNamed(state, "encoder.weight", tensors.weight), file, wholeBytes };
  const rows = await readMatrix(checkpoint, matrix, hash);
  const bias = await readTorchFloat32(checkpoint, "encoder.bias", tensors.bias);
  hash.update(bytesOf(bias));
  return { sae: saeOf(shape, { rows, bias }), shape, sha256: hash.digest("hex") };
}

/**
 * The rows of an encoder that was read through before; they are read when they are asked for.
 *
 * @throws {InputError} If the file is no SAE checkpoint.
 */
export async function encoderRows(path: string): Promise<FeatureRows> {
  using source = await FileSource.open(path);
  const checkpoint = await openCheckpoint(source);
  const { state, tensors } = describeEncoder(checkpoint);
  const matrix = matrixNamed(state, "encoder.weight", tensors.weight);
  return rowsToRead(checkpoint, { ...matrix, file: SteadyFile.of(source) });
}

/** Opens the file; if that fails, an unfinished download beside it is named as the likely cause. */
async function openCheckpoint(source: ByteSource): Promise<TorchCheckpoint> {
  try {
    return await openTorchCheckpoint(source);
  } catch (error) {
    const download = error instanceof InputError && await findUnfinishedDownload(source.name);
    if (!download) throw error;
    throw new InputError(`${error.message}${unfinishedAdvice(download)}`);
  }
}

interface EncoderDescription {
  shape: SaeShape;
  /** All parameters. */
  state: StateDict;
  tensors: { weight: PickledTensor; bias: PickledTensor };
  declared: Declared;
}

function describeEncoder(checkpoint: TorchCheckpoint): EncoderDescription {
  const { source: { name: path }, content } = checkpoint;
  const dict = content instanceof PickleDict ? content.get("model_state_dict") : undefined;
  if (!(content instanceof PickleDict) || !(dict instanceof PickleDict)) {
    throw new InputError(`${path} is no SAE checkpoint: ${whyNoState(content, dict)}`);
  }
  const state = new StateDict(path, dict);
  const [weight, bias] = [state.tensor("encoder.weight"), state.tensor("encoder.bias")];
  if (weight === undefined || bias === undefined) {
    throw new InputError(
      `${path} is no SAE checkpoint: its model_state_dict lacks encoder.weight or encoder.bias`,
    );
  }
  const declarations = readDeclarations(path, content);
  const shape = shapeOf(path, declarations, {
    weight: weight.shape,
    bias: bias.shape,
    valueHeads: countValueHeads(state.names()),
  });
  // Sizes count from here on: they are to be those of numbers that there are.
  findElements(checkpoint, "encoder.weight", weight);
  findElements(checkpoint, "encoder.bias", bias);
  return { shape, state, tensors: { weight, bias }, declared: declarations.declared };
}

/** Why there is no dict of parameters. */
function whyNoState(content: PickleValue, dict: PickleValue | undefined): string {
  const [what, value] = dict === undefined
    ? ["it holds", content]
    : ["its model_state_dict is", dict];
  if (!(value instanceof OpaqueValue)) return "it has no model_state_dict";
  return `${what} what ${value.path} makes, and coact reads pickles as data and executes nothing; ` +
    "save a dict with the state_dict()";
}

function matrixNamed(state: StateDict, name: string, tensor: PickledTensor) {
  return { dict: state.dict, storedName: state.storedName(name)!, name, tensor };
}
