/**
 * What SAELens' `cfg.json` says, in whichever version it was written.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import { checkAgainst, type Schema } from "../../files/json.ts";
import { PickleDict, type PickleValue } from "../../tensors/pickle_values.ts";
import type { SaeFiles } from "./sae_files.ts";
import {
  type PursuitFields,
  pursuitFields,
  pursuitOf,
  type WrittenPursuit,
} from "./saelens_pursuit.ts";

/** The same for all versions. */
export interface SaelensConfig {
  /** How it encodes: `standard`, `jumprelu`, `topk` and so on. */
  readonly architecture: string;
  /** The same as it is written, such as `jumprelu_skip_transcoder`. */
  readonly declared: string;
  /** Where it is said: `cfg.json`. */
  readonly source: string;
  /** Whether it predicts another place's states than it reads. */
  readonly isTranscoder: boolean;
  /** The width of its input. */
  readonly d_in: number | undefined;
  /** The width of a transcoder's output. */
  readonly d_out: number | undefined;
  /** The number of features. */
  readonly d_sae: number | undefined;
  /** The features that top-k keeps. */
  readonly k: number | undefined;
  /** What is said and its architecture does not use: `k 32` of a standard SAE. */
  readonly unused: readonly string[];
  /** Whether b_dec is subtracted from the input. */
  readonly appliesDecoderBias: boolean;
  /** Whether p is multiplied with the lengths of the decoder's rows. */
  readonly scalesByDecoder: boolean;
  /** `none`, `layer_norm`, `constant_norm_rescale`, or what was folded when training ended. */
  readonly normalization: string;
  /** Where it reads: `blocks.8.hook_resid_pre`. */
  readonly hookName: string | undefined;
  /** The layer, where it is said by itself. */
  readonly layer: number | undefined;
  /** What older versions say of the activation: `relu`, `topk` or others, which are read as relu. */
  readonly activationFn: string;
  /** Which attention head it reads, of a hook with several; undefined if all. */
  readonly head: number | undefined;
  /** Whether it reads the outputs of attention heads, one after the other. */
  readonly takesHeads: boolean;
  /** What a transcoder predicts: `blocks.8.hook_mlp_out`. */
  readonly hookNameOut: string | undefined;
  /** Whether it was trained on centred residuals. */
  readonly centred: boolean;
  /** Whether the beginning token went before each text in training; undefined if it is not said. */
  readonly prependsBos: boolean | undefined;
  /** How many features of a question are active on average, where it is said. */
  readonly l0: number | undefined;
  /** The type of its numbers: `float32`. */
  readonly dtype: string | undefined;
  /** When matching pursuit ends; undefined of other architectures. */
  readonly pursuit: WrittenPursuit | undefined;
  /** Whether features are scaled on decoding; undefined if it is not said. */
  readonly scalesFeatures: boolean | undefined;
  /** What the input is multiplied with, where that is not folded as training goes on. */
  readonly inputScale: number | undefined;
}

/** What a model was loaded with. */
type ModelOptions = { center_writing_weights?: boolean | undefined } | null | undefined;

/** What is written, as far as it is read; older versions had all of it at the top. */
interface WrittenConfig extends PursuitFields {
  architecture?: string | null | undefined;
  d_in?: number | undefined;
  d_out?: number | undefined;
  d_sae?: number | undefined;
  dtype?: string | null | undefined;
  k?: number | null | undefined;
  apply_b_dec_to_input?: boolean | null | undefined;
  rescale_acts_by_decoder_norm?: boolean | null | undefined;
  normalize_activations?: string | boolean | null | undefined;
  reshape_activations?: string | null | undefined;
  activation_fn?: string | null | undefined;
  activation_fn_str?: string | null | undefined;
  activation_fn_kwargs?: { k?: number | undefined } | null | undefined;
  hook_name?: string | null | undefined;
  hook_name_out?: string | null | undefined;
  hook_point?: string | null | undefined;
  hook_layer?: number | null | undefined;
  hook_point_layer?: number | null | undefined;
  hook_head_index?: number | null | undefined;
  hook_point_head_index?: number | null | undefined;
  model_from_pretrained_kwargs?: ModelOptions;
  prepend_bos?: boolean | null | undefined;
  sae_lens_version?: string | null | undefined;
  finetuning_scaling_factor?: boolean | null | undefined;
  metadata?:
    | (
      & Pick<
        WrittenConfig,
        | "hook_name"
        | "hook_name_out"
        | "hook_head_index"
        | "model_from_pretrained_kwargs"
        | "prepend_bos"
        | "sae_lens_version"
      >
      & { l0?: number | null | undefined }
    )
    | null
    | undefined;
}

const modelOptions = z.object({ center_writing_weights: z.boolean().optional() }).nullish();

/** The schema of what is written. */
const writtenConfigSchema: Schema<WrittenConfig> = z.object({
  ...pursuitFields,
  architecture: z.string().nullish(),
  d_in: z.int().optional(),
  d_out: z.int().optional(),
  d_sae: z.int().optional(),
  dtype: z.string().nullish(),
  k: z.number().nullish(),
  apply_b_dec_to_input: z.boolean().nullish(),
  rescale_acts_by_decoder_norm: z.boolean().nullish(),
  normalize_activations: z.union([z.string(), z.boolean()]).nullish(),
  reshape_activations: z.string().nullish(),
  activation_fn: z.string().nullish(),
  activation_fn_str: z.string().nullish(),
  activation_fn_kwargs: z.object({ k: z.int().optional() }).nullish(),
  hook_name: z.string().nullish(),
  hook_name_out: z.string().nullish(),
  hook_point: z.string().nullish(),
  hook_layer: z.int().nullish(),
  hook_point_layer: z.int().nullish(),
  hook_head_index: z.int().nullish(),
  hook_point_head_index: z.int().nullish(),
  model_from_pretrained_kwargs: modelOptions,
  prepend_bos: z.boolean().nullish(),
  sae_lens_version: z.string().nullish(),
  finetuning_scaling_factor: z.boolean().nullish(),
  metadata: z.object({
    hook_name: z.string().nullish(),
    hook_name_out: z.string().nullish(),
    hook_head_index: z.int().nullish(),
    model_from_pretrained_kwargs: modelOptions,
    prepend_bos: z.boolean().nullish(),
    sae_lens_version: z.string().nullish(),
    l0: z.number().nullish(),
  }).nullish(),
});

/** What the owner applies to the input, or has folded into the weights. */
const NORMALIZATIONS = [
  "none",
  "layer_norm",
  "constant_norm_rescale",
  "expected_average_only_in",
  "covariance_whitening",
];

/**
 * Reads the configuration of a directory; undefined if there is none.
 *
 * @throws {InputError} If it is no such configuration, or says what is not understood.
 */
export async function readSaelensConfig(
  files: SaeFiles,
  name: string,
): Promise<SaelensConfig | undefined> {
  const written = await files.config(name, writtenConfigSchema);
  return written && saelensConfigOf(files.path, name, written);
}

/** What is read of the class of a configuration in a pickle; nothing of it is executed. */
const PICKLED = [
  ...["architecture", "d_in", "d_sae", "apply_b_dec_to_input", "normalize_activations"],
  ...["activation_fn", "hook_point", "hook_point_head_index", "hook_name", "hook_head_index"],
  ...["hook_layer", "hook_point_layer"],
];

/**
 * The configuration in a pickle of version 0.
 *
 * @param path The file, for messages.
 * @throws {InputError} As {@linkcode readSaelensConfig} does.
 */
export function pickledSaelensConfig(path: string, cfg: PickleValue | undefined): SaelensConfig {
  const plain: Record<string, unknown> = {};
  for (const name of PICKLED) {
    const value = cfg instanceof PickleDict ? cfg.get(name) : undefined;
    if (value !== undefined) plain[name] = value;
  }
  return saelensConfigOf(path, "its cfg", checkAgainst(writtenConfigSchema, plain, path));
}

/** Brings what is written into one form. */
function saelensConfigOf(path: string, source: string, written: WrittenConfig): SaelensConfig {
  const { metadata } = written;
  const norm = written.normalize_activations ?? "none";
  const normalization = norm === true ? "expected_average_only_in" : norm === false ? "none" : norm;
  if (!NORMALIZATIONS.includes(normalization)) {
    throw new InputError(
      `${path}: ${source} says normalize_activations ${normalization}, expected ` +
        NORMALIZATIONS.join(", "),
    );
  }
  const activationFn = activationFnOf(written);
  const isOldTopK = activationFn === "topk";
  const declared = written.architecture ?? "standard";
  const isTranscoder = /(^|_)transcoder$/.test(declared);
  const base = declared.replace(/_?(skip_)?transcoder$/, "") || "standard";
  const architecture = isOldTopK && base === "standard" ? "topk" : base;
  if (isOldTopK && architecture !== "topk") {
    throw new InputError(
      `${path}: ${source} says architecture ${declared} and activation_fn topk: versions of SAELens ` +
        "before 6 took both, one after the other; those since then, and coact, read no such SAE",
    );
  }
  const keeps = /^(abs)?topk$/.test(architecture);
  const k = written.k ?? written.activation_fn_kwargs?.k;
  if (keeps && k === undefined) {
    throw new InputError(`${path}: ${source} says ${architecture}, but not its k`);
  }
  const hookName = metadata?.hook_name ?? written.hook_name ?? written.hook_point ?? undefined;
  const kwargs = metadata?.model_from_pretrained_kwargs ?? written.model_from_pretrained_kwargs;
  return {
    architecture,
    declared: architecture === base ? declared : architecture,
    source,
    isTranscoder,
    d_in: written.d_in,
    d_out: written.d_out,
    d_sae: written.d_sae,
    k: keeps ? k : undefined,
    unused: [
      ...(written.k && !/topk$/.test(architecture) ? [`k ${written.k}`] : []),
      ...(written.apply_b_dec_to_input && isTranscoder ? ["apply_b_dec_to_input true"] : []),
    ],
    appliesDecoderBias: !isTranscoder && (written.apply_b_dec_to_input ?? true),
    scalesByDecoder: /topk$/.test(architecture) &&
      (written.rescale_acts_by_decoder_norm ?? false),
    normalization,
    hookName,
    head: metadata?.hook_head_index ?? written.hook_head_index ?? written.hook_point_head_index ??
      undefined,
    takesHeads: (written.reshape_activations ?? (hookName?.includes("hook_z") ? "hook_z" : "")) ===
      "hook_z",
    hookNameOut: metadata?.hook_name_out ?? written.hook_name_out ?? undefined,
    centred: kwargs?.center_writing_weights ?? false,
    prependsBos: metadata?.prepend_bos ?? written.prepend_bos ?? undefined,
    l0: metadata?.l0 ?? (keeps ? k : undefined),
    dtype: written.dtype?.replace(/^torch\./, "") ?? undefined,
    layer: written.hook_layer ?? written.hook_point_layer ?? undefined,
    activationFn,
    pursuit: architecture === "matching_pursuit" ? pursuitOf(written) : undefined,
    scalesFeatures: written.finetuning_scaling_factor ?? undefined,
    inputScale: undefined,
  };
}

/**
 * What versions before 6 say of the activation beside the architecture; the owner reads it of no
 * others. Where no version is said, it is an old one.
 */
function activationFnOf(
  { activation_fn_str, activation_fn, sae_lens_version, metadata }: WrittenConfig,
): string {
  const [major = "0"] = /^\d+/.exec(sae_lens_version || metadata?.sae_lens_version || "") ?? [];
  return Number(major) >= 6 ? "relu" : activation_fn_str ?? activation_fn ?? "relu";
}
