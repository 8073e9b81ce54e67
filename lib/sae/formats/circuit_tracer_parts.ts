/**
 * What the transcoders of circuit-tracer have in common: their configuration, their encoder, and
 * where they read and predict.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { type Activation, RELU } from "../activation.ts";
import type { OpenedSae } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { siteOfHook } from "./hook_site.ts";
import { expectShape, sizesOf } from "./tensor_checks.ts";
import { plainYamlLines } from "./yaml_lines.ts";

/** What to call the format. */
export const FORMAT_NAME = "circuit-tracer";
const CONFIG = "config.yaml";
const KINDS = ["transcoder_set", "cross_layer_transcoder"];
/** Thresholds in an unknown form: the owner refuses them, too. */
const LOG_THRESHOLDS = "log_thresholds";

/** What `config.yaml` says. */
export interface TranscoderConfig {
  /** The hook that it reads, without its block: `hook_resid_mid`. */
  readonly input: string | undefined;
  /** The hook that it predicts. */
  readonly output: string | undefined;
  /** What a user should know. */
  readonly notes: readonly string[];
}

/**
 * Reads the configuration.
 *
 * @param expected The kind that the files are of.
 * @throws {InputError} If it says another one.
 */
export async function readTranscoderConfig(
  files: SaeFiles,
  expected: string,
): Promise<TranscoderConfig> {
  const text = await files.text(CONFIG);
  if (text === undefined) {
    const notes = [`there is no ${CONFIG} beside it, which names the hooks`];
    return { input: undefined, output: undefined, notes };
  }
  const lines = plainYamlLines(text, `${files.directory}/${CONFIG}`);
  const kind = lines.get("model_kind");
  if (kind !== undefined && kind !== expected) {
    const known = KINDS.includes(kind) ? "" : ", which coact does not know";
    throw new InputError(
      `${files.path} contradicts ${CONFIG}: it says model_kind ${kind}${known}, but the files are ` +
        `those of a ${expected}`,
    );
  }
  const input = lines.get("feature_input_hook");
  const notes = input === undefined
    ? [`${CONFIG} has no feature_input_hook: where it reads is not known`]
    : [];
  return { input, output: lines.get("feature_output_hook"), notes };
}

/** The name of a layer's hook; circuit-tracer leaves out `blocks.{layer}.`. */
function hookOf(layer: number, hook: string | undefined): string | undefined {
  return hook === undefined ? undefined : `blocks.${layer}.${hook}`;
}

/** TransformerLens calls the output of the MLP's module otherwise. */
function siteOf(hook: string | undefined) {
  return siteOfHook(hook?.replace(/\.mlp\.hook_out$/, ".hook_mlp_out") ?? "");
}

/** What is told before weights are read. */
export function placeOf(
  files: SaeFiles,
  layer: number,
  { input, output }: TranscoderConfig,
  { width, featureCount, outputs }: { width: number; featureCount: number; outputs: number },
): Pick<
  OpenedSae,
  "path" | "format" | "width" | "featureCount" | "site" | "siteInWords" | "predicts"
> {
  const [hookIn, hookOut] = [hookOf(layer, input), hookOf(layer, output)];
  return {
    path: files.path,
    format: FORMAT_NAME,
    width,
    featureCount,
    site: siteOf(hookIn),
    siteInWords: hookIn ?? `layer ${layer}`,
    predicts: { width: outputs, site: siteOf(hookOut), siteInWords: hookOut },
  };
}

/**
 * Checks W, b and threshold of an encoder.
 *
 * @param threshold The name of the thresholds, which need not be there.
 * @throws {InputError} If they do not fit each other.
 */
export function checkEncoder(
  tensors: TensorFile,
  { encoder, encoderBias }: { encoder: string; encoderBias: string },
  threshold: string,
): { width: number; featureCount: number } {
  const unknown = [...tensors.tensors.keys()].find((name) => name.includes(LOG_THRESHOLDS));
  if (unknown !== undefined) {
    throw new InputError(
      `${tensors.path}: it has ${unknown}, which its owner's library refuses, too; convert it to ` +
        threshold,
    );
  }
  const [featureCount, width] = sizesOf(tensors, encoder);
  expectShape(tensors, encoderBias, [featureCount]);
  const { shape } = tensors.tensors.get(threshold) ?? {};
  // One number for all features is written as one of no axis, or of one.
  const isOne = shape?.length === 0 || shape?.length === 1 && shape[0] === 1;
  if (shape !== undefined && !isOne) expectShape(tensors, threshold, [featureCount]);
  return { width, featureCount };
}

/** JumpReLU if there are thresholds; it has no floor. Else ReLU. */
export async function activationOf(tensors: TensorFile, threshold: string): Promise<Activation> {
  if (!tensors.tensors.has(threshold)) return RELU;
  const values = await tensors.read(threshold);
  return { threshold: values.length === 1 ? values[0]! : values };
}
