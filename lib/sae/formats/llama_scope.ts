/**
 * Llama Scope, by OpenMOSS: the SAEs of its release, `hyperparams.json` and
 * `checkpoints/final.safetensors`, and those of R1-Distill, `config.json` and
 * `sae_weights.safetensors`, of an older version of llamascopium.
 *
 * SAELens reads the same files differently. With s = sqrt(d) / norm and the lengths n of what
 * features add:
 *
 * |            | owner                                            | SAELens                       |
 * | ---------- | ------------------------------------------------ | ----------------------------- |
 * | release    | p = (x W + b / s) n, kept where p > threshold    | p = s x W + b, threshold s    |
 * | R1-Distill | p = s x W + b, kept where p n > exp(log)         | p = s x W + b, exp(log)       |
 *
 * In the owner's reading of the release lengths are those of the decoder as it decodes hidden states
 * of their own scale.
 *
 * Sources: https://arxiv.org/abs/2410.20526, https://github.com/OpenMOSS/Language-Model-SAEs at
 * b9326392 and b5c5bb22, `pretrained_sae_loaders.py` of SAELens.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Schema } from "../../files/json.ts";
import { isFileThere } from "../../files/look.ts";
import type { OpenedSae, SaeFiles, SaeFormat, SaeOptions } from "./format.ts";
import { layerNotes } from "./hook_site.ts";
import { expectShape } from "./matrices.ts";
import {
  checkOpenmossTensors,
  checkRowWise,
  LINEAR_NAMES,
  normScaleOf,
  type OpenmossConfig,
  openmossDecoder,
  openmossPlace,
  openmossUnread,
  scaleOf,
  scaleSteps,
} from "./openmoss.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";
import { directionLengths, readTensorEncoder } from "./tensor_encoder.ts";

const RELEASED = "hyperparams.json";
const WEIGHTS = "final.safetensors";
const DISTILLED = "sae_weights.safetensors";
const CONFIG = "config.json";
const THRESHOLD = "log_jumprelu_threshold";

/** What `hyperparams.json` says. */
interface Released extends OpenmossConfig {
  d_sae: number;
  jump_relu_threshold: number;
  dataset_average_activation_norm: { in: number; out: number };
}

const common = {
  hook_point_in: z.string(),
  hook_point_out: z.string(),
  d_model: z.int(),
  expansion_factor: z.number(),
  use_decoder_bias: z.boolean().optional(),
  use_glu_encoder: z.boolean().optional(),
  act_fn: z.string().optional(),
  norm_activation: z.string().optional(),
  sparsity_include_decoder_norm: z.boolean().optional(),
  apply_decoder_bias_to_pre_encoder: z.boolean().optional(),
  top_k: z.int().optional(),
};

/** The schema of what configurations of all versions say. */
export const openmossConfigSchema: Schema<OpenmossConfig> = z.object(common);

const releasedSchema: Schema<Released> = z.object({
  ...common,
  d_sae: z.int(),
  jump_relu_threshold: z.number(),
  dataset_average_activation_norm: z.object({ in: z.number(), out: z.number() }),
});

/** See the module. */
export const LLAMA_SCOPE: SaeFormat = {
  name: "Llama Scope",
  async recognizes(files) {
    if (await releasedIn(files) !== undefined) return true;
    if (!await files.has(DISTILLED) || !await isFileThere(`${files.directory}/${CONFIG}`)) {
      return false;
    }
    return (await files.readableTensors(DISTILLED))?.tensors.has(THRESHOLD) ?? false;
  },
  async open(files, options) {
    const released = await releasedIn(files);
    return released === undefined
      ? await openDistilled(files, options)
      : await openReleased(files, released, options);
  },
};

/** The files of an SAE of the release, as they are named from where the user points. */
interface ReleasedFiles {
  config: string;
  weights: string;
}

/** Of the release its directory may be asked for, or its weights. */
async function releasedIn({ directory, file }: SaeFiles): Promise<ReleasedFiles | undefined> {
  if (file !== undefined && file !== WEIGHTS) return undefined;
  const named: ReleasedFiles = file === undefined
    ? { config: RELEASED, weights: `checkpoints/${WEIGHTS}` }
    : { config: `../${RELEASED}`, weights: WEIGHTS };
  for (const name of Object.values(named)) {
    if (!await isFileThere(`${directory}/${name}`)) return undefined;
  }
  return named;
}

function checkJumpRelu(
  path: string,
  { act_fn = "relu", norm_activation }: OpenmossConfig,
  source: string,
): void {
  if (act_fn !== "jumprelu") {
    throw new InputError(`${path}: ${source} says act_fn ${act_fn}, expected jumprelu`);
  }
  if (norm_activation === "dataset-wise") return;
  throw new InputError(
    `${path}: ${source} says norm_activation ${norm_activation}, expected dataset-wise`,
  );
}

/** What a user is told of the two readings. */
function noteOnReading({ reading = "owner" }: SaeOptions, includesLengths: boolean): string {
  const lengths = includesLengths ? " with the lengths of the decoder's directions," : "";
  return reading === "owner"
    ? `it is read as its owner does,${lengths} and in the owner's units; SAELens reads such files ` +
      "without those lengths and scales its input and threshold, which gives other features"
    : "it is read as SAELens does, as was asked for; its owner's reading gives other features";
}

async function openReleased(
  files: SaeFiles,
  named: ReleasedFiles,
  options: SaeOptions,
): Promise<OpenedSae> {
  const config = (await files.config(named.config, releasedSchema))!;
  const tensors = await files.tensors(named.weights);
  checkRowWise(files.path, config);
  checkJumpRelu(files.path, config, RELEASED);
  const names = LINEAR_NAMES;
  const sizes = checkOpenmossTensors(tensors, names, config, {
    source: RELEASED,
    d_sae: config.d_sae,
  });
  const { jump_relu_threshold: threshold, dataset_average_activation_norm: norms } = config;
  if (!(threshold >= 0 && Number.isFinite(threshold))) {
    throw new InputError(
      `${files.path}: ${RELEASED} says jump_relu_threshold ${threshold}, expected 0 or more`,
    );
  }
  const what = `${files.path}: in ${RELEASED} dataset_average_activation_norm`;
  const input = scaleOf(what, norms.in, sizes.width);
  const output = scaleOf(what, norms.out, sizes.width);
  const includesLengths = config.sparsity_include_decoder_norm ?? true;
  const isOwners = (options.reading ?? "owner") === "owner";
  const encoder = {
    ...sizes,
    weight: names.encoder,
    isTransposed: !names.areLinear,
    bias: names.encoderBias,
  };
  const place = openmossPlace(files, config, sizes);
  const base = { ...sizes, site: place.site, targets: [] };
  const decoder = openmossDecoder(names, config, sizes);
  return {
    ...place,
    format: LLAMA_SCOPE.name,
    architecture: "jumprelu",
    notes: [
      noteOnReading(options, includesLengths),
      ...layerNotes(files.folders, config.hook_point_in),
      ...openmossUnread(tensors, names, []),
    ],
    async read() {
      if (!isOwners) {
        const weights = await readTensorEncoder(tensors, encoder);
        return {
          ...base,
          ...weights,
          input: scaleSteps(input),
          activation: { threshold: threshold * input, floor: 0 },
        };
      }
      const lengths = includesLengths
        ? await directionLengths(tensors, names.decoder, names.areLinear)
        : undefined;
      const weights = await readTensorEncoder(tensors, {
        ...encoder,
        // b is divided by the scale, and W is not; the lengths are of W of the decoder times in/out.
        scale: lengths?.map((length) => length / output) ?? 1 / input,
        weightFactor: input,
      });
      return { ...base, ...weights, input: [], activation: { threshold } };
    },
    readDecoder: () =>
      isOwners
        ? readTensorDecoder(tensors, {
          ...decoder,
          dividesByLengths: includesLengths,
          scale: includesLengths ? output : input,
          factor: 1 / output,
        })
        : readTensorDecoder(tensors, decoder),
  };
}

async function openDistilled(files: SaeFiles, options: SaeOptions): Promise<OpenedSae> {
  const config = await files.config(CONFIG, openmossConfigSchema);
  if (config === undefined) throw new InputError(`${files.path}: ${CONFIG} is missing`);
  const tensors = await files.tensors(DISTILLED);
  checkRowWise(files.path, config);
  checkJumpRelu(files.path, config, CONFIG);
  const names = LINEAR_NAMES;
  const d_sae = Math.trunc(config.d_model * config.expansion_factor);
  const sizes = checkOpenmossTensors(tensors, names, config, { source: CONFIG, d_sae });
  expectShape(tensors, THRESHOLD, [sizes.featureCount]);
  const input = await normScaleOf(tensors, config.hook_point_in, sizes);
  const output = await normScaleOf(tensors, config.hook_point_out, sizes);
  const isOwners = (options.reading ?? "owner") === "owner";
  const includesLengths = config.sparsity_include_decoder_norm ?? true;
  const place = openmossPlace(files, config, sizes);
  return {
    ...place,
    format: LLAMA_SCOPE.name,
    architecture: "jumprelu",
    notes: [
      noteOnReading(options, includesLengths),
      ...layerNotes(files.folders, config.hook_point_in),
      ...openmossUnread(tensors, names, [THRESHOLD]),
    ],
    async read() {
      const weights = await readTensorEncoder(tensors, {
        ...sizes,
        weight: names.encoder,
        bias: names.encoderBias,
      });
      const lengths = isOwners && includesLengths
        ? await directionLengths(tensors, names.decoder, true)
        : undefined;
      const threshold = (await tensors.read(THRESHOLD))
        .map((log, feature) => Math.exp(log) / (lengths?.[feature] ?? 1));
      return {
        ...weights,
        ...sizes,
        input: scaleSteps(input),
        activation: { threshold },
        site: place.site,
        targets: [],
      };
    },
    readDecoder: () => {
      const decoder = openmossDecoder(names, config, sizes);
      return readTensorDecoder(
        tensors,
        decoder.predicts ? { ...decoder, restores: false, factor: 1 / output } : decoder,
      );
    },
  };
}
