/**
 * Encoder and decoder of an SAE of SAELens, of its tensors and what its configuration says.
 *
 * @module
 */
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { type Activation, RELU } from "../activation.ts";
import type { InputStep } from "../input.ts";
import type { Sae, SaeDecoder } from "../sae.ts";
import { siteOfSaelensHook } from "./hook_site.ts";
import { sizesOf } from "./tensor_checks.ts";
import type { SaelensConfig } from "./saelens_config.ts";
import type { WrittenPursuit } from "./saelens_pursuit.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";
import { directionLengths, readTensorEncoder } from "./tensor_encoder.ts";

/** What multiplies features on decoding, in the versions that had it. */
export const SCALINGS = ["scaling_factor", "finetuning_scaling_factor"] as const;
/** The threshold of a BatchTopK SAE whose training goes on: a number, in float64. */
export const TOPK_THRESHOLD = "topk_threshold";

/**
 * Reads the encoder. Of a training that goes on, whose scale of the input is not folded, features are
 * what they become when it ends: where p is multiplied with the lengths of the decoder's rows, these
 * are divided by that scale.
 */
export async function readSaelensEncoder(
  tensors: TensorFile,
  config: SaelensConfig,
): Promise<Sae> {
  if (config.pursuit !== undefined) return await readPursuit(tensors, config, config.pursuit);
  const [width, featureCount] = sizesOf(tensors, "W_enc");
  const { scalesByDecoder, inputScale = 1 } = config;
  const lengths = scalesByDecoder ? await directionLengths(tensors, "W_dec") : undefined;
  const encoder = await readTensorEncoder(tensors, {
    width,
    featureCount,
    weight: "W_enc",
    isTransposed: true,
    bias: config.architecture === "gated" ? undefined : "b_enc",
    scale: lengths?.map((length) => length / inputScale),
  });
  return {
    ...encoder,
    width,
    featureCount,
    input: await inputOf(tensors, config),
    activation: await activationOf(tensors, config),
    site: siteOfSaelensHook(config.hookName ?? ""),
    targets: [],
  };
}

/** Features that read what they write: the decoder's rows. */
async function readPursuit(
  tensors: TensorFile,
  config: SaelensConfig,
  { residualThreshold, maxIterations, stopsOnDuplicate }: WrittenPursuit,
): Promise<Sae> {
  const [featureCount, width] = sizesOf(tensors, "W_dec");
  const encoder = await readTensorEncoder(tensors, { width, featureCount, weight: "W_dec" });
  return {
    ...encoder,
    width,
    featureCount,
    input: await inputOf(tensors, config),
    activation: RELU,
    pursuit: {
      mostPicks: maxIterations ?? width,
      leastLength: Math.max(0, residualThreshold),
      stopsAtRepeat: stopsOnDuplicate,
    },
    site: siteOfSaelensHook(config.hookName ?? ""),
    targets: [],
  };
}

async function inputOf(
  tensors: TensorFile,
  { normalization, appliesDecoderBias, inputScale }: SaelensConfig,
): Promise<InputStep[]> {
  const steps: InputStep[] = [];
  if (inputScale !== undefined) steps.push({ kind: "scale", factor: inputScale });
  if (normalization === "layer_norm") steps.push({ kind: "layer_norm", epsilon: 1e-5 });
  if (normalization === "constant_norm_rescale") steps.push({ kind: "constant_norm" });
  if (appliesDecoderBias) {
    steps.push({ kind: "subtract", vector: await tensors.read("b_dec") });
  }
  return steps;
}

async function activationOf(
  tensors: TensorFile,
  { architecture, k = 1, scalesByDecoder, inputScale = 1 }: SaelensConfig,
): Promise<Activation> {
  switch (architecture) {
    case "jumprelu":
      return { threshold: await tensors.read("threshold"), floor: 0 };
    case "batchtopk":
    case "matryoshka_batchtopk": {
      const [threshold] = await tensors.readNumbers(TOPK_THRESHOLD);
      return { threshold: scalesByDecoder ? threshold! / inputScale : threshold!, floor: 0 };
    }
    case "topk":
      return { threshold: { k, by: "value" }, floor: 0 };
    case "abstopk":
      return { threshold: { k, by: "magnitude" } };
    case "gated":
      return {
        threshold: (await tensors.read("b_gate")).map((b) => -b),
        scale: (await tensors.read("r_mag")).map(Math.exp),
        offset: await tensors.read("b_mag"),
        floor: 0,
      };
    default:
      return RELU;
  }
}

/** Reads the decoder. */
export async function readSaelensDecoder(
  tensors: TensorFile,
  { scalesByDecoder, isTranscoder, pursuit, appliesDecoderBias, inputScale = 1 }: SaelensConfig,
): Promise<SaeDecoder> {
  const [featureCount, width] = sizesOf(tensors, "W_dec");
  const scaling = SCALINGS.find((name) => tensors.tensors.has(name));
  return await readTensorDecoder(tensors, {
    width,
    featureCount,
    weight: "W_dec",
    // Matching pursuit adds b_dec only where it was subtracted.
    bias: pursuit === undefined || appliesDecoderBias ? "b_dec" : undefined,
    dividesByLengths: scalesByDecoder,
    scale: scaling === undefined ? scalesByDecoder ? inputScale : 1 : await tensors.read(scaling),
    skip: tensors.tensors.has("W_skip") ? await tensors.read("W_skip") : undefined,
    // SAELens undoes a transcoder's normalisation of its input nowhere: what it gives is another place's.
    restores: !isTranscoder,
    predicts: isTranscoder,
  });
}
