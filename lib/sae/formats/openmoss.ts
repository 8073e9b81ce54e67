/**
 * What the SAEs of OpenMOSS have in common, from Llama Scope to llamascopium.
 *
 * The input is multiplied with s = sqrt(d) / norm, the average norm of the hidden states that the SAE
 * was trained on; what is decoded is divided by that of its output. Where its sparsity included the
 * decoder's lengths (`sparsity_include_decoder_norm`), p times the length of a feature's direction is
 * held against the threshold, or is what the k largest are chosen by; the activation is p.
 *
 * Source: https://github.com/OpenMOSS/Language-Model-SAEs.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { InputStep } from "../input.ts";
import { siteOfHook } from "./hook_site.ts";
import type { OpenedSae } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { checkNumberTypes, expectShape, sizesOf } from "./tensor_checks.ts";
import type { OpenmossConfig } from "./openmoss_config.ts";
import { notesOnUnread } from "./said.ts";
import type { DecoderTensors } from "./tensor_decoder.ts";

/** How tensors are called and lie. */
export interface OpenmossNames {
  /** W of the encoder. */
  readonly encoder: string;
  /** b of the encoder. */
  readonly encoderBias: string;
  /** W of the decoder. */
  readonly decoder: string;
  /** b of the decoder. */
  readonly decoderBias: string;
  /** Whether matrices are of linear layers, `[outputs, inputs]`, and not `[inputs, outputs]`. */
  readonly areLinear: boolean;
}

/** The names of the linear layers that the first versions had. */
export const LINEAR_NAMES: OpenmossNames = {
  encoder: "encoder.weight",
  encoderBias: "encoder.bias",
  decoder: "decoder.weight",
  decoderBias: "decoder.bias",
  areLinear: true,
};

/** The sizes of an SAE. */
export interface OpenmossSizes {
  /** The width of the hidden states. */
  readonly width: number;
  /** How many features it has. */
  readonly featureCount: number;
}

/**
 * Makes sure that it is computed row by row.
 *
 * @throws {InputError} If it is not, with the reason.
 */
export function checkRowWise(path: string, config: OpenmossConfig): void {
  const { act_fn = "relu", norm_activation } = config;
  const reason = config.apply_decoder_bias_to_pre_encoder
    ? "it subtracts the decoder's bias from its input (apply_decoder_bias_to_pre_encoder)"
    : act_fn.startsWith("batch") || act_fn === "layertopk"
    ? `which features it keeps depends on the other rows of the batch (act_fn ${act_fn})`
    : norm_activation === "batch-wise"
    ? "its input is scaled by what the batch is like (norm_activation batch-wise)"
    : undefined;
  if (reason === undefined) return;
  throw new InputError(`${path} is recognised and not supported: ${reason}`);
}

/**
 * Makes sure that p is one product: of the older forms no file with a second one is known, nor how
 * its owner folded norms into it.
 *
 * @throws {InputError} If it is not.
 */
export function checkOneProduct(path: string, { use_glu_encoder }: OpenmossConfig): void {
  if (!use_glu_encoder) return;
  throw new InputError(
    `${path} is recognised and not supported: its encoder is gated (use_glu_encoder), which coact ` +
      "reads of llamascopium only",
  );
}

/**
 * Makes sure that tensors fit each other and the configuration.
 *
 * @param source Where the configuration stands: `config.json`.
 * @param d_sae How many features it says there are.
 * @throws {InputError} If they do not.
 */
export function checkOpenmossTensors(
  tensors: TensorFile,
  names: OpenmossNames,
  config: OpenmossConfig,
  { source, d_sae }: { source: string; d_sae: number },
): OpenmossSizes {
  const [rows, columns] = sizesOf(tensors, names.encoder);
  const [featureCount, width] = names.areLinear ? [rows, columns] : [columns, rows];
  if (width !== config.d_model || featureCount !== d_sae) {
    throw new InputError(
      `${tensors.path} contradicts ${source}: its ${names.encoder} is of ${featureCount} features for ` +
        `width ${width}, but ${source} says ${d_sae} for d_model ${config.d_model}`,
    );
  }
  expectShape(tensors, names.encoderBias, [featureCount]);
  expectShape(
    tensors,
    names.decoder,
    names.areLinear ? [width, featureCount] : [featureCount, width],
  );
  const matrices = [names.encoder, names.encoderBias, names.decoder];
  if (config.use_decoder_bias ?? true) {
    expectShape(tensors, names.decoderBias, [width]);
    matrices.push(names.decoderBias);
  } else if (tensors.tensors.has(names.decoderBias)) {
    throw new InputError(
      `${tensors.path} contradicts ${source}: ${source} says use_decoder_bias false, but it has ` +
        `${names.decoderBias}`,
    );
  }
  checkNumberTypes(tensors, matrices);
  return { width, featureCount };
}

/** What is told before weights are read. */
export function openmossPlace(
  files: SaeFiles,
  { hook_point_in: input, hook_point_out: output }: OpenmossConfig,
  { width, featureCount }: OpenmossSizes,
): Pick<
  OpenedSae,
  "path" | "width" | "featureCount" | "site" | "siteInWords" | "predicts" | "takesHeads"
> {
  return {
    path: files.path,
    width,
    featureCount,
    site: siteOfHook(input),
    siteInWords: input,
    predicts: input === output
      ? undefined
      : { width, site: siteOfHook(output), siteInWords: output },
    takesHeads: input.endsWith("hook_z"),
  };
}

/** The tensors of the decoder. */
export function openmossDecoder(
  names: OpenmossNames,
  { use_decoder_bias = true, hook_point_in, hook_point_out }: OpenmossConfig,
  { width, featureCount }: OpenmossSizes,
): DecoderTensors {
  return {
    width,
    featureCount,
    weight: names.decoder,
    isTransposed: names.areLinear,
    bias: use_decoder_bias ? names.decoderBias : undefined,
    predicts: hook_point_in !== hook_point_out,
  };
}

/** Where average norms of hidden states stand among the tensors. */
const NORM = "dataset_average_activation_norm.";

/**
 * What the states of a hook are multiplied with: sqrt(d) / norm.
 *
 * @throws {InputError} If the norm is missing, or not above 0.
 */
export async function normScaleOf(
  tensors: TensorFile,
  hook: string,
  { width }: OpenmossSizes,
): Promise<number> {
  const name = NORM + hook;
  expectShape(tensors, name, []);
  const [norm] = await tensors.readNumbers(name);
  return scaleOf(`${tensors.path}: ${name}`, norm!, width);
}

/**
 * sqrt(d) / norm.
 *
 * @param what What the norm is, for the message.
 * @throws {InputError} If the norm is not above 0.
 */
export function scaleOf(what: string, norm: number, width: number): number {
  if (norm > 0 && Number.isFinite(norm)) return Math.sqrt(width) / norm;
  throw new InputError(`${what} is ${norm}, expected the average norm of hidden states`);
}

/** The step that scales the input; none where nothing is scaled. */
export function scaleSteps(factor: number): InputStep[] {
  return factor === 1 ? [] : [{ kind: "scale", factor }];
}

/** What a user is told of tensors that nobody reads; average norms are known. */
export function openmossUnread(
  tensors: TensorFile,
  names: OpenmossNames,
  others: readonly string[],
): string[] {
  const norms = [...tensors.tensors.keys()].filter((name) => name.startsWith(NORM));
  const { encoder, encoderBias, decoder, decoderBias } = names;
  return notesOnUnread(tensors, [
    ...[encoder, encoderBias, decoder, decoderBias],
    ...norms,
    ...others,
  ]);
}
