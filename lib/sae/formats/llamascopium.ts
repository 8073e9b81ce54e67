/**
 * llamascopium, by OpenMOSS: `config.json` and `sae_weights.safetensors`.
 *
 *     p = s x W_E + b_E,  s = sqrt(d) / norm, or sqrt(d) / |x| (token-wise), or 1 (inference)
 *     q = p n,            n the length of what a feature adds (sparsity_include_decoder_norm)
 *
 * | act_fn   | z                                        |
 * | -------- | ---------------------------------------- |
 * | relu     | max(0, p)                                |
 * | jumprelu | p where q > exp(log_jumprelu_threshold)  |
 * | topk     | max(0, p) of the k largest q             |
 *
 * With `use_glu_encoder`, p is multiplied with the sigmoid of a second product, s x W_E_glu + b_E_glu.
 * b_D is not subtracted. What is decoded is divided by the s of the output. Files whose norm was
 * folded (inference) still hold the norms, which are not applied again.
 *
 * Source: https://github.com/OpenMOSS/Language-Model-SAEs, version 2.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Schema } from "../../files/json.ts";
import { isFileThere } from "../../files/look.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { Activation } from "../activation.ts";
import type { InputStep } from "../input.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { layerNotes } from "./hook_site.ts";
import { openmossConfigSchema } from "./openmoss_config.ts";
import { checkNumberTypes, expectShape } from "./tensor_checks.ts";
import {
  checkOpenmossTensors,
  checkRowWise,
  normScaleOf,
  openmossDecoder,
  type OpenmossNames,
  openmossPlace,
  type OpenmossSizes,
  openmossUnread,
  scaleSteps,
} from "./openmoss.ts";
import type { OpenmossConfig } from "./openmoss_config.ts";
import { checkedK } from "./said.ts";
import { squareNotes } from "./square.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";
import { directionLengths, readTensorEncoder } from "./tensor_encoder.ts";

const CONFIG = "config.json";
const WEIGHTS = "sae_weights.safetensors";
const THRESHOLD = "activation_function.log_jumprelu_threshold";
/** The second product's matrix and bias, where there is one. */
const GLU = { weight: "W_E_glu", bias: "b_E_glu" } as const;
const ACTIVATIONS = ["relu", "jumprelu", "topk"];
const NORMS = ["dataset-wise", "token-wise", "inference"];

const NAMES: OpenmossNames = {
  encoder: "W_E",
  encoderBias: "b_E",
  decoder: "W_D",
  decoderBias: "b_D",
  areLinear: false,
};

/** What it calls dictionaries that encode no row by itself, and why coact does not read them. */
const OTHER_TYPES: Readonly<Record<string, string>> = {
  lorsa: "an attention head reads the tokens before as well",
  molt: "its features are matrices, which transform the hidden state",
  crosscoder: "one feature reads several places",
  clt: "one feature predicts several layers; take the transcoders of single layers",
};

const typeSchema: Schema<{ sae_type?: unknown }> = z.object({ sae_type: z.unknown() });

/** See the module. */
export const LLAMASCOPIUM: SaeFormat = {
  name: "llamascopium",
  async recognizes(files) {
    if (!await files.has(WEIGHTS)) return false;
    if (!await isFileThere(`${files.directory}/${CONFIG}`)) return false;
    const type = await typeOf(files);
    if (type !== undefined && Object.hasOwn(OTHER_TYPES, type)) return true;
    return (await files.readableTensors(WEIGHTS))?.tensors.has("W_E") ?? false;
  },
  open: openLlamascopium,
};

async function typeOf(files: SaeFiles): Promise<string | undefined> {
  const config = await files.config(CONFIG, typeSchema).catch(() => undefined);
  return typeof config?.sae_type === "string" ? config.sae_type : undefined;
}

async function openLlamascopium(files: SaeFiles): Promise<OpenedSae> {
  const type = await typeOf(files);
  if (type !== undefined && type !== "sae") {
    const why = Object.hasOwn(OTHER_TYPES, type) ? `: ${OTHER_TYPES[type]}` : "";
    throw new InputError(
      `${files.path} is recognised and not supported: ${CONFIG} says sae_type ${type}${why}`,
    );
  }
  const config = (await files.config(CONFIG, openmossConfigSchema))!;
  const tensors = await files.tensors(WEIGHTS);
  checkRowWise(files.path, config);
  const { act_fn = "relu", norm_activation = "dataset-wise" } = config;
  for (
    const [name, value, known] of [
      ["act_fn", act_fn, ACTIVATIONS],
      ["norm_activation", norm_activation, NORMS],
    ] as const
  ) {
    if (known.includes(value)) continue;
    throw new InputError(
      `${files.path}: ${CONFIG} says ${name} ${value}, expected ${known.join(", ")}`,
    );
  }
  const d_sae = Math.trunc(config.d_model * config.expansion_factor);
  const sizes = checkOpenmossTensors(tensors, NAMES, config, { source: CONFIG, d_sae });
  const hasThreshold = tensors.tensors.has(THRESHOLD);
  const hasGlu = checkGlu(tensors, config, sizes);
  if (act_fn === "jumprelu") expectShape(tensors, THRESHOLD, [sizes.featureCount]);
  const said = { path: files.path, source: CONFIG, name: "top_k", value: config.top_k };
  const k = act_fn === "topk" ? checkedK(said, sizes.featureCount) : undefined;
  const isScaled = norm_activation === "dataset-wise";
  const scales = {
    input: isScaled ? await normScaleOf(tensors, config.hook_point_in, sizes) : 1,
    output: isScaled ? await normScaleOf(tensors, config.hook_point_out, sizes) : 1,
  };
  const place = openmossPlace(files, config, sizes);
  const steps: InputStep[] = norm_activation === "token-wise"
    ? [{ kind: "constant_norm" }]
    : scaleSteps(scales.input);
  const square = await squareNotes(tensors, {
    encoder: NAMES.encoder,
    isEncoderTransposed: true,
    decoder: NAMES.decoder,
    isDecoderTransposed: false,
  });
  return {
    ...place,
    format: LLAMASCOPIUM.name,
    architecture: hasGlu ? `${act_fn}, glu` : act_fn,
    declaredL0: k,
    notes: [
      ...layerNotes(files.folders, config.hook_point_in),
      ...(hasThreshold && act_fn !== "jumprelu"
        ? [`${CONFIG} says act_fn ${act_fn}, but it has ${THRESHOLD}, which is not used`]
        : []),
      ...(place.predicts !== undefined && norm_activation === "token-wise"
        ? [
          "what it predicts is in units of the length of each output, which only that output tells",
        ]
        : []),
      ...openmossUnread(tensors, NAMES, [THRESHOLD, GLU.weight, GLU.bias]),
      ...(place.predicts === undefined ? square : []),
    ],
    async read() {
      const { scale, activation } = await activationOf(tensors, config, { sizes, k });
      const weights = await readTensorEncoder(tensors, {
        ...sizes,
        weight: NAMES.encoder,
        isTransposed: true,
        bias: NAMES.encoderBias,
        scale,
      });
      const glu = hasGlu
        ? await readTensorEncoder(tensors, { ...sizes, ...GLU, isTransposed: true })
        : undefined;
      return { ...weights, ...sizes, glu, input: steps, activation, site: place.site, targets: [] };
    },
    readDecoder() {
      const decoder = openmossDecoder(NAMES, config, sizes);
      return readTensorDecoder(
        tensors,
        decoder.predicts ? { ...decoder, restores: false, factor: 1 / scales.output } : decoder,
      );
    },
  };
}

/**
 * Whether there is a second product.
 *
 * @throws {InputError} If tensors and configuration do not agree on it.
 */
function checkGlu(
  tensors: TensorFile,
  { use_glu_encoder: isSaid = false }: OpenmossConfig,
  { width, featureCount }: OpenmossSizes,
): boolean {
  if (!isSaid && tensors.tensors.has(GLU.weight)) {
    throw new InputError(
      `${tensors.path} contradicts ${CONFIG}: ${CONFIG} says use_glu_encoder false, but it has ` +
        GLU.weight,
    );
  }
  if (!isSaid) return false;
  expectShape(tensors, GLU.weight, [width, featureCount]);
  expectShape(tensors, GLU.bias, [featureCount]);
  checkNumberTypes(tensors, [GLU.weight, GLU.bias]);
  return true;
}

/** What p is multiplied with, and what becomes of it then. */
async function activationOf(
  tensors: TensorFile,
  { act_fn, sparsity_include_decoder_norm: includesLengths = true }: OpenmossConfig,
  { sizes: { featureCount }, k }: { sizes: OpenmossSizes; k: number | undefined },
): Promise<{ scale: Float64Array | undefined; activation: Activation }> {
  // A direction of no length decides nothing: its q is 0, and it adds nothing.
  const lengths = includesLengths && act_fn !== "relu"
    ? await directionLengths(tensors, NAMES.decoder)
    : undefined;
  switch (act_fn) {
    case "jumprelu": {
      const log = await tensors.read(THRESHOLD);
      const threshold = log.map((value, i) => Math.exp(value) / (lengths?.[i] ?? 1));
      return { scale: undefined, activation: { threshold } };
    }
    case "topk": {
      const back = lengths && new Float32Array(featureCount).map((_, i) => 1 / (lengths[i]! || 1));
      const activation = { threshold: { k: k!, by: "value" as const }, floor: 0, scale: back };
      return { scale: lengths, activation };
    }
    default:
      return { scale: undefined, activation: { threshold: 0 } };
  }
}
