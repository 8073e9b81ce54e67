/**
 * What SAELens' `cfg.json` says, in whichever version it was written.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Schema } from "../../files/json.ts";
import type { SaeFiles } from "./format.ts";

/** The same for all versions. */
export interface SaelensConfig {
  /** How it encodes: `standard`, `jumprelu`, `topk` and so on. */
  readonly architecture: string;
  /** The same as it is written, such as `jumprelu_skip_transcoder`. */
  readonly declared: string;
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
  /** Whether b_dec is subtracted from the input. */
  readonly appliesDecoderBias: boolean;
  /** Whether p is multiplied with the lengths of the decoder's rows. */
  readonly scalesByDecoder: boolean;
  /** `none`, `layer_norm`, `constant_norm_rescale`, or what was folded when training ended. */
  readonly normalization: string;
  /** Where it reads: `blocks.8.hook_resid_pre`. */
  readonly hookName: string | undefined;
  /** Whether it was trained on centred residuals. */
  readonly centred: boolean;
}

interface Written {
  architecture?: string | null | undefined;
  d_in?: number | undefined;
  d_out?: number | undefined;
  d_sae?: number | undefined;
  k?: number | null | undefined;
  apply_b_dec_to_input?: boolean | null | undefined;
  rescale_acts_by_decoder_norm?: boolean | null | undefined;
  normalize_activations?: string | boolean | null | undefined;
  activation_fn?: string | null | undefined;
  activation_fn_str?: string | null | undefined;
  activation_fn_kwargs?: { k?: number | undefined } | null | undefined;
  hook_name?: string | null | undefined;
  hook_point?: string | null | undefined;
  model_from_pretrained_kwargs?:
    | { center_writing_weights?: boolean | undefined }
    | null
    | undefined;
  metadata?: Pick<Written, "hook_name" | "model_from_pretrained_kwargs"> | null | undefined;
}

const model = z.object({ center_writing_weights: z.boolean().optional() }).nullish();

const schema: Schema<Written> = z.object({
  architecture: z.string().nullish(),
  d_in: z.int().optional(),
  d_out: z.int().optional(),
  d_sae: z.int().optional(),
  k: z.int().nullish(),
  apply_b_dec_to_input: z.boolean().nullish(),
  rescale_acts_by_decoder_norm: z.boolean().nullish(),
  normalize_activations: z.union([z.string(), z.boolean()]).nullish(),
  activation_fn: z.string().nullish(),
  activation_fn_str: z.string().nullish(),
  activation_fn_kwargs: z.object({ k: z.int().optional() }).nullish(),
  hook_name: z.string().nullish(),
  hook_point: z.string().nullish(),
  model_from_pretrained_kwargs: model,
  metadata: z.object({ hook_name: z.string().nullish(), model_from_pretrained_kwargs: model })
    .nullish(),
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
 * Reads the configuration.
 *
 * @throws {InputError} If it is missing, no such configuration, or says what is not understood.
 */
export async function readSaelensConfig(files: SaeFiles, name: string): Promise<SaelensConfig> {
  const written = await files.config(name, schema);
  if (written === undefined) throw new InputError(`${files.path}: ${name} is missing`);
  const { metadata } = written;
  const norm = written.normalize_activations ?? "none";
  const normalization = norm === true ? "expected_average_only_in" : norm === false ? "none" : norm;
  if (!NORMALIZATIONS.includes(normalization)) {
    throw new InputError(
      `${files.path}: ${name} says normalize_activations ${normalization}, expected ` +
        NORMALIZATIONS.join(", "),
    );
  }
  const isOldTopK = (written.activation_fn_str ?? written.activation_fn) === "topk";
  const declared = written.architecture ?? "standard";
  const isTranscoder = /(^|_)transcoder$/.test(declared);
  const base = declared.replace(/_?(skip_)?transcoder$/, "") || "standard";
  const architecture = isOldTopK && base === "standard" ? "topk" : base;
  const k = written.k ?? written.activation_fn_kwargs?.k;
  if (/^(abs)?topk$/.test(architecture) && k === undefined) {
    throw new InputError(`${files.path}: ${name} says ${architecture}, but not its k`);
  }
  const kwargs = metadata?.model_from_pretrained_kwargs ?? written.model_from_pretrained_kwargs;
  return {
    architecture,
    declared: architecture === base ? declared : architecture,
    isTranscoder,
    d_in: written.d_in,
    d_out: written.d_out,
    d_sae: written.d_sae,
    k: /topk$/.test(architecture) ? k : undefined,
    appliesDecoderBias: !isTranscoder && (written.apply_b_dec_to_input ?? true),
    scalesByDecoder: /^(abs)?topk$/.test(architecture) &&
      (written.rescale_acts_by_decoder_norm ?? false),
    normalization,
    hookName: metadata?.hook_name ?? written.hook_name ?? written.hook_point ?? undefined,
    centred: kwargs?.center_writing_weights ?? false,
  };
}
