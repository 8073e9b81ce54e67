/**
 * SAELens: `cfg.json` and `sae_weights.safetensors`, in today's form and the flat ones before
 * version 6; checkpoints of its training; and the pickles of version 0.
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
 * matching_pursuit has no W_enc: feature after feature is picked by r W_decᵀ, r being what is left of
 * x' (`../pursuit.ts`); b_dec is added only where it was subtracted.
 *
 * Transcoders encode as standard and jumprelu do; b_dec is of their output and never subtracted; the
 * forward pass adds W_skip x. A checkpoint of a training with batchtopk has one threshold for all
 * features, and its input is still to be scaled.
 *
 * Source: https://github.com/decoderesearch/SAELens.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Schema } from "../../files/json.ts";
import { isFileThere } from "../../files/look.ts";
import { PickleDict } from "../../tensors/pickle_values.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { layerNotes, siteOfSaelensHook } from "./hook_site.ts";
import { pickledSaelensConfig, readSaelensConfig, type SaelensConfig } from "./saelens_config.ts";
import {
  CENTRING_NOTE,
  checkArchitecture,
  checkSaelensTensors,
  checkScaling,
  saelensNotes,
} from "./saelens_tensors.ts";
import { readSaelensDecoder, readSaelensEncoder } from "./saelens_weights.ts";

const CONFIG = "cfg.json";
const WEIGHTS = "sae_weights.safetensors";
/** What a checkpoint of a training has beside them. */
const [SCALER, WHITENING] = ["activation_scaler.json", "activation_whitening.safetensors"];

const scalerSchema: Schema<{ scaling_factor?: number | null; has_whitening?: boolean }> = z.object({
  scaling_factor: z.number().positive().nullish().transform((factor) => factor ?? null),
  has_whitening: z.boolean().default(false),
});

/** See the module. */
export const SAELENS: SaeFormat = {
  name: "SAELens",
  async recognizes(files) {
    const isThere = await files.has(WEIGHTS) &&
      await isFileThere(`${files.directory}/${CONFIG}`);
    return isThere || await pickleOf(files) !== undefined;
  },
  async open(files) {
    const pickle = await pickleOf(files);
    if (pickle !== undefined) return await openPickle(files, pickle);
    const config = await readSaelensConfig(files, CONFIG);
    if (config === undefined) throw new InputError(`${files.path}: ${CONFIG} is missing`);
    checkArchitecture(files.path, config);
    const inputScale = await inputScaleOf(files, config);
    return await opened(files, await files.tensors(WEIGHTS), { ...config, inputScale });
  },
};

async function opened(
  files: SaeFiles,
  tensors: TensorFile,
  config: SaelensConfig,
): Promise<OpenedSae> {
  const { hookName, head, hookNameOut } = config;
  const [width, featureCount] = checkSaelensTensors(tensors, config);
  await checkScaling(tensors, config);
  const [, outputs] = tensors.tensors.get("W_dec")!.shape;
  const isOneHead = head !== undefined;
  const site = isOneHead ? undefined : siteOfSaelensHook(hookName ?? "");
  return {
    path: files.path,
    format: SAELENS.name,
    architecture: config.declared,
    width,
    featureCount,
    site,
    siteInWords: isOneHead ? `${hookName}, head ${head}` : hookName,
    predicts: config.isTranscoder
      ? { width: outputs!, site: siteOfSaelensHook(hookNameOut ?? ""), siteInWords: hookNameOut }
      : undefined,
    declaredL0: config.l0,
    takesHeads: config.takesHeads && !isOneHead,
    isCentred: config.centred,
    prependsBos: config.prependsBos,
    centringNote: config.centred ? CENTRING_NOTE : undefined,
    notes: [
      ...layerNotes(files.folders, hookName),
      ...await saelensNotes(tensors, config),
    ],
    read: async () => ({ ...await readSaelensEncoder(tensors, config), site }),
    readDecoder: () => readSaelensDecoder(tensors, config),
  };
}

/**
 * What a checkpoint of a training says of the scale of its input, which is folded into the weights
 * only when the training ends.
 */
async function inputScaleOf(
  files: SaeFiles,
  { architecture, normalization }: SaelensConfig,
): Promise<number | undefined> {
  const refuse = (why: string) =>
    new InputError(
      `${files.path}: it is a checkpoint of SAELens' training, ${why}; save the SAE for inference ` +
        "(save_inference_model)",
    );
  const scaler = await files.config(SCALER, scalerSchema);
  if (await isFileThere(`${files.directory}/${WHITENING}`) || scaler?.has_whitening) {
    throw refuse("whose whitening of the input is not folded into its weights");
  }
  if (scaler !== undefined) {
    const scale = scaler.scaling_factor ?? undefined;
    if (scale === undefined || architecture !== "matching_pursuit") return scale;
    throw refuse("whose scale of the input is not folded into its weights");
  }
  if (!architecture.endsWith("batchtopk") || normalization !== "expected_average_only_in") return;
  throw refuse(`whose scale of the input is not folded into its weights, and ${SCALER} is missing`);
}

/** The pickle of version 0: a configuration of its class, and a state dict. */
async function pickleOf(files: SaeFiles): Promise<TensorFile | undefined> {
  const [name, other] = await files.weights();
  if (name === undefined || other !== undefined || !/\.pt$/.test(name)) return undefined;
  const file = await files.readableTensors(name);
  if (!(file?.values.get("cfg") instanceof PickleDict)) return undefined;
  const state = file.part("state_dict");
  const isTranscoder = state?.tensors.has("b_dec_out");
  return state?.tensors.has("W_enc") && !isTranscoder ? file : undefined;
}

async function openPickle(files: SaeFiles, pickle: TensorFile): Promise<OpenedSae> {
  const config = pickledSaelensConfig(pickle.path, pickle.values.get("cfg"));
  checkArchitecture(files.path, config);
  return await opened(files, pickle.part("state_dict")!, config);
}
