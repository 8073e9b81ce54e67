/**
 * Llama Scope of R1-Distill: `config.json` beside `sae_weights.safetensors`. See `llama_scope.ts` for
 * the formula.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { isFileThere } from "../../files/look.ts";
import type { OpenedSae, SaeOptions } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { checkJumpRelu, includesLengths, NAME, notesOf } from "./llama_scope_parts.ts";
import { expectShape } from "./tensor_checks.ts";
import {
  checkOneProduct,
  checkOpenmossTensors,
  checkRowWise,
  LINEAR_NAMES,
  normScaleOf,
  openmossDecoder,
  openmossPlace,
  scaleSteps,
} from "./openmoss.ts";
import { openmossConfigSchema } from "./openmoss_config.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";
import { directionLengths, readTensorEncoder } from "./tensor_encoder.ts";

const WEIGHTS = "sae_weights.safetensors";
const CONFIG = "config.json";
const THRESHOLD = "log_jumprelu_threshold";

/** Whether files are of it. */
export async function areDistilled(files: SaeFiles): Promise<boolean> {
  if (!await files.has(WEIGHTS) || !await isFileThere(`${files.directory}/${CONFIG}`)) return false;
  return (await files.readableTensors(WEIGHTS))?.tensors.has(THRESHOLD) ?? false;
}

/**
 * Says what the files hold.
 *
 * @throws {InputError} If they contradict themselves.
 */
export async function openDistilled(files: SaeFiles, options: SaeOptions): Promise<OpenedSae> {
  const config = await files.config(CONFIG, openmossConfigSchema);
  if (config === undefined) throw new InputError(`${files.path}: ${CONFIG} is missing`);
  const tensors = await files.tensors(WEIGHTS);
  checkRowWise(files.path, config);
  checkOneProduct(files.path, config);
  checkJumpRelu(files.path, config, CONFIG);
  const names = LINEAR_NAMES;
  const d_sae = Math.trunc(config.d_model * config.expansion_factor);
  const sizes = checkOpenmossTensors(tensors, names, config, { source: CONFIG, d_sae });
  expectShape(tensors, THRESHOLD, [sizes.featureCount]);
  const input = await normScaleOf(tensors, config.hook_point_in, sizes);
  const output = await normScaleOf(tensors, config.hook_point_out, sizes);
  const isOwners = (options.reading ?? "owner") === "owner";
  const countsLengths = includesLengths(config);
  const place = openmossPlace(files, config, sizes);
  return {
    ...place,
    format: NAME,
    architecture: "jumprelu",
    notes: notesOf({ files, options, tensors }, config, { names, others: [THRESHOLD] }),
    async read() {
      const weights = await readTensorEncoder(tensors, {
        ...sizes,
        weight: names.encoder,
        bias: names.encoderBias,
      });
      const lengths = isOwners && countsLengths
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
