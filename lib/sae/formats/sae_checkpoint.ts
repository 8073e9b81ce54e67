/**
 * What an AlignSAE checkpoint holds, before any of its weights is read.
 *
 * Source of the layout: the training scripts of AlignSAE, https://arxiv.org/abs/2512.02004.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { type ByteSource, FileSource } from "../../files/byte_source.ts";
import { SteadyFile } from "../../files/steady_file.ts";
import { findUnfinishedDownload, unfinishedAdvice } from "../../files/unexpected_content.ts";
import { OpaqueValue, PickleDict, type PickleValue } from "../../tensors/pickle_values.ts";
import { openTorchCheckpoint, type TorchCheckpoint } from "../../tensors/torch_checkpoint.ts";
import { findElements } from "../../tensors/torch_elements.ts";
import type { PickledTensor } from "../../tensors/pickled_tensor.ts";
import { type Declared, readDeclarations } from "./declared_sizes.ts";
import type { SaeShape } from "../sae.ts";
import { countValueHeads, shapeOf } from "./shape_of.ts";
import { StateDict } from "./state_dict.ts";

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
  const { shape, declared } = describeCheckpoint(await openCheckpoint(source));
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
 * Opens the file; if that fails, an unfinished download beside it is named as the likely cause.
 *
 * @throws {InputError} If it was not written by `torch.save`, or is damaged.
 */
export async function openCheckpoint(source: ByteSource): Promise<TorchCheckpoint> {
  try {
    return await openTorchCheckpoint(source);
  } catch (error) {
    const download = error instanceof InputError && await findUnfinishedDownload(source.name);
    if (!download) throw error;
    throw new InputError(`${error.message}${unfinishedAdvice(download)}`);
  }
}

/** What a checkpoint holds. */
export interface CheckpointDescription {
  /** The sizes, which its tensors and its options agree on. */
  readonly shape: SaeShape;
  /** All parameters. */
  readonly state: StateDict;
  /** Those of the encoder. */
  readonly encoder: { readonly weight: PickledTensor; readonly bias: PickledTensor };
  /** Its options. */
  readonly declared: Declared;
}

/**
 * Describes a checkpoint that is open. It is more than a file of tensors: its options say whether the
 * encoding is rectified and how many features are slots, and the hash of all of its pickle stands in
 * the results. So its pickle is looked at here; its tensors are read as those of any other file
 * (`load_checkpoint.ts`).
 *
 * @throws {InputError} If it is no SAE checkpoint, or contradicts itself.
 */
export function describeCheckpoint(checkpoint: TorchCheckpoint): CheckpointDescription {
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
  return { shape, state, encoder: { weight, bias }, declared: declarations.declared };
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
