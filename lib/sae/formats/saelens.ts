/**
 * SAELens: `cfg.json` and `sae_weights.safetensors`, in today's form and the flat ones before
 * version 6.
 *
 * x' is the input after its normalisation, less b_dec if apply_b_dec_to_input; p = x' W_enc + b_enc.
 * With rescale_acts_by_decoder_norm, p is multiplied with the lengths of the decoder's rows.
 *
 * | architecture | z                                                                         |
 * | ------------ | ------------------------------------------------------------------------- |
 * | standard     | max(0, p)                                                                 |
 * | jumprelu     | max(0, p) where p > threshold                                             |
 * | topk         | max(0, p) of the k largest p                                              |
 * | abstopk      | p of the k largest magnitudes                                             |
 * | gated        | max(0, exp(r_mag) x' W_enc + b_mag) where x' W_enc + b_gate > 0           |
 *
 * Transcoders encode as standard and jumprelu do; b_dec is of their output and never subtracted.
 *
 * Source: https://github.com/decoderesearch/SAELens.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { type Activation, RELU } from "../activation.ts";
import type { InputStep } from "../input.ts";
import type { Sae, SaeDecoder } from "../sae.ts";
import type { SaeFiles, SaeFormat } from "./format.ts";
import { siteOfHook } from "./hook_site.ts";
import { expectShape, rowLengths, scaleRows, sizesOf, transposedMatrix } from "./matrices.ts";
import { readSaelensConfig, type SaelensConfig } from "./saelens_config.ts";

const CONFIG = "cfg.json";
const WEIGHTS = "sae_weights.safetensors";

/** The tensors that each architecture has beside W_enc, W_dec and b_dec. */
const VECTORS: Readonly<Record<string, readonly string[]>> = {
  standard: ["b_enc"],
  jumprelu: ["b_enc", "threshold"],
  topk: ["b_enc"],
  abstopk: ["b_enc"],
  gated: ["b_gate", "b_mag", "r_mag"],
};

/** See the module. */
export const SAELENS: SaeFormat = {
  name: "SAELens",
  async recognizes(files) {
    return files.file === undefined && await files.has(CONFIG) && await files.has(WEIGHTS);
  },
  async open(files) {
    const config = await readSaelensConfig(files, CONFIG);
    const tensors = await files.tensors(WEIGHTS);
    await checkSupported(files, config);
    const [width, featureCount] = checkTensors(tensors, config);
    return {
      path: files.path,
      format: SAELENS.name,
      architecture: config.declared,
      width,
      featureCount,
      site: siteOfHook(config.hookName ?? ""),
      siteInWords: config.hookName,
      isCentred: config.centred,
      notes: notesOf(config, tensors),
      read: () => readEncoder(tensors, config),
      // What a transcoder decodes is no hidden state that it takes.
      readDecoder: () =>
        config.isTranscoder ? Promise.resolve(undefined) : readDecoder(tensors, config),
    };
  },
};

async function checkSupported(
  files: SaeFiles,
  { architecture, declared }: SaelensConfig,
): Promise<void> {
  const refuse = (why: string) => new InputError(`${files.path}: ${why}`);
  if (await files.has("activation_scaler.json")) {
    throw refuse(
      "it is a checkpoint of SAELens' training, whose norms are not folded into its weights; save " +
        "the SAE for inference (save_inference_model)",
    );
  }
  if (Object.hasOwn(VECTORS, architecture)) return;
  throw refuse(
    `its architecture is ${declared}, which coact does not encode; it does ` +
      Object.keys(VECTORS).join(", "),
  );
}

function checkTensors(tensors: TensorFile, config: SaelensConfig): readonly [number, number] {
  const [width, featureCount] = sizesOf(tensors, "W_enc");
  const outputs = config.isTranscoder ? config.d_out ?? width : width;
  expectShape(tensors, "W_dec", [featureCount, outputs]);
  expectShape(tensors, "b_dec", [outputs]);
  for (const name of VECTORS[config.architecture]!) expectShape(tensors, name, [featureCount]);
  for (const [said, found] of [[config.d_in, width], [config.d_sae, featureCount]] as const) {
    if (said === undefined || said === found) continue;
    throw new InputError(
      `${tensors.path} contradicts ${CONFIG}: its W_enc is ${width} × ${featureCount}, but ` +
        `${CONFIG} says d_in ${config.d_in} and d_sae ${config.d_sae}`,
    );
  }
  const { k } = config;
  if (k !== undefined && !(k >= 1 && k <= featureCount)) {
    throw new InputError(`${tensors.path}: ${CONFIG} says k ${k}, expected 1 to ${featureCount}`);
  }
  return [width, featureCount];
}

function notesOf(
  { architecture, declared, hookName, centred }: SaelensConfig,
  tensors: TensorFile,
): string[] {
  const notes: string[] = [];
  if (hookName === undefined) notes.push(`${CONFIG} has no hook_name: where it reads is not known`);
  if (centred) {
    notes.push(
      "it was trained on residuals from which their mean was subtracted (center_writing_weights)",
    );
  }
  if (tensors.tensors.has("threshold") && architecture !== "jumprelu") {
    notes.push(`its architecture is ${declared}, but it has a threshold, which is not used`);
  }
  return notes;
}

async function readEncoder(tensors: TensorFile, config: SaelensConfig): Promise<Sae> {
  const [width, featureCount] = sizesOf(tensors, "W_enc");
  const weight = transposedMatrix(await tensors.read("W_enc"), [width, featureCount]);
  const bias: Float32Array<ArrayBuffer> = config.architecture === "gated"
    ? new Float32Array(featureCount)
    : await tensors.read("b_enc");
  if (config.scalesByDecoder) {
    const lengths = rowLengths(await tensors.read("W_dec"), width);
    scaleRows(weight, lengths);
    scaleRows(bias, lengths);
  }
  return {
    width,
    featureCount,
    weight,
    bias,
    input: await inputOf(tensors, config),
    activation: await activationOf(tensors, config),
    site: siteOfHook(config.hookName ?? ""),
    targets: [],
  };
}

async function inputOf(
  tensors: TensorFile,
  { normalization, appliesDecoderBias }: SaelensConfig,
): Promise<InputStep[]> {
  const steps: InputStep[] = [];
  if (normalization === "layer_norm") steps.push({ kind: "layer_norm", epsilon: 1e-5 });
  if (normalization === "constant_norm_rescale") steps.push({ kind: "constant_norm" });
  if (appliesDecoderBias) {
    steps.push({ kind: "subtract", vector: await tensors.read("b_dec") });
  }
  return steps;
}

async function activationOf(
  tensors: TensorFile,
  { architecture, k = 1 }: SaelensConfig,
): Promise<Activation> {
  switch (architecture) {
    case "jumprelu":
      return { threshold: await tensors.read("threshold"), floor: 0 };
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

async function readDecoder(tensors: TensorFile, config: SaelensConfig): Promise<SaeDecoder> {
  const [width, featureCount] = sizesOf(tensors, "W_enc");
  const rows = await tensors.read("W_dec");
  if (config.scalesByDecoder) scaleRows(rows, rowLengths(rows, width).map((length) => 1 / length));
  for (const name of ["scaling_factor", "finetuning_scaling_factor"]) {
    if (tensors.tensors.has(name)) scaleRows(rows, await tensors.read(name));
  }
  return {
    weight: transposedMatrix(rows, [featureCount, width]),
    bias: await tensors.read("b_dec"),
  };
}
