/**
 * Llama Scope's release: `hyperparams.json` beside `checkpoints/final.safetensors`. See
 * `llama_scope.ts` for the formula.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Schema } from "../../files/json.ts";
import { isFileThere } from "../../files/look.ts";
import type { OpenedSae, SaeOptions } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { checkJumpRelu, includesLengths, NAME, notesOf } from "./llama_scope_parts.ts";
import {
  checkOneProduct,
  checkOpenmossTensors,
  checkRowWise,
  LINEAR_NAMES,
  openmossDecoder,
  openmossPlace,
  scaleOf,
  scaleSteps,
} from "./openmoss.ts";
import { type OpenmossConfig, openmossFields } from "./openmoss_config.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";
import { directionLengths, readTensorEncoder } from "./tensor_encoder.ts";

const RELEASED = "hyperparams.json";
const WEIGHTS = "final.safetensors";

/** What `hyperparams.json` says. */
interface Released extends OpenmossConfig {
  d_sae: number;
  jump_relu_threshold: number;
  dataset_average_activation_norm: { in: number; out: number };
}

const releasedSchema: Schema<Released> = z.object({
  ...openmossFields,
  d_sae: z.int(),
  jump_relu_threshold: z.number(),
  dataset_average_activation_norm: z.object({ in: z.number(), out: z.number() }),
});

/** The files of an SAE of the release, as they are named from where the user points. */
export interface ReleasedFiles {
  /** The configuration. */
  config: string;
  /** The weights. */
  weights: string;
}

/** The files at a path, if they are those of the release: its directory may be asked for, or its weights. */
export async function releasedIn(
  { directory, file }: SaeFiles,
): Promise<ReleasedFiles | undefined> {
  if (file !== undefined && file !== WEIGHTS) return undefined;
  const named: ReleasedFiles = file === undefined
    ? { config: RELEASED, weights: `checkpoints/${WEIGHTS}` }
    : { config: `../${RELEASED}`, weights: WEIGHTS };
  for (const name of Object.values(named)) {
    if (!await isFileThere(`${directory}/${name}`)) return undefined;
  }
  return named;
}

/**
 * Says what the files hold.
 *
 * @throws {InputError} If they contradict themselves.
 */
export async function openReleased(
  files: SaeFiles,
  named: ReleasedFiles,
  options: SaeOptions,
): Promise<OpenedSae> {
  const config = (await files.config(named.config, releasedSchema))!;
  const tensors = await files.tensors(named.weights);
  checkRowWise(files.path, config);
  checkOneProduct(files.path, config);
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
  const countsLengths = includesLengths(config);
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
    format: NAME,
    architecture: "jumprelu",
    notes: notesOf({ files, options, tensors }, config, { names, others: [] }),
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
      const lengths = countsLengths
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
          dividesByLengths: countsLengths,
          scale: countsLengths ? output : input,
          factor: 1 / output,
        })
        : readTensorDecoder(tensors, decoder),
  };
}
