/**
 * sparsify, by EleutherAI: `cfg.json` and `sae.safetensors` in a directory named after the module
 * whose output is read (`layers.10`).
 *
 *     p = (x - b_dec) encoder.weightᵀ + encoder.bias
 *
 * A transcoder (`transcode`) does not subtract b_dec.
 *
 * | activation     | z                                                                        |
 * | -------------- | ------------------------------------------------------------------------ |
 * | topk           | max(0, p) of the k largest p                                             |
 * | groupmax       | max(0, p) of the largest p in each of k runs of neighbouring features    |
 * | signed (2024)  | p of the k largest magnitudes                                            |
 *
 * The forward pass adds x W_skipᵀ, of x as it is. `multi_topk` changes training alone, and
 * `normalize_decoder` nothing that is stored.
 *
 * Source: https://github.com/EleutherAI/sparsify.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { type ModuleOutput, moduleOutput } from "./hook_site.ts";
import { featureRows } from "./stored_rows.ts";
import { expectShape, sizesOf } from "./tensor_checks.ts";
import { checkSaid, notesOnUnread } from "./said.ts";
import {
  activationOf,
  architectureOf,
  CONFIG,
  notesOn,
  type SparsifyConfig,
  sparsifyConfigSchema,
} from "./sparsify_config.ts";
import { squareNotes } from "./square.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";

const WEIGHTS = "sae.safetensors";

const MATRICES = {
  encoder: "encoder.weight",
  isEncoderTransposed: false,
  decoder: "W_dec",
  isDecoderTransposed: false,
} as const;

/** See the module. */
export const SPARSIFY: SaeFormat = {
  name: "sparsify",
  async recognizes(files) {
    return await weightsOf(files) !== undefined;
  },
  async open(files) {
    const config = await files.config(CONFIG, sparsifyConfigSchema);
    if (config === undefined) {
      throw new InputError(`${files.path}: ${CONFIG}, which says how it encodes, is missing`);
    }
    return await opened(files, await files.tensors((await weightsOf(files))!), config);
  },
};

/** The file with the weights: by its name, or by its tensors. */
async function weightsOf(files: SaeFiles): Promise<string | undefined> {
  const weights = await files.weights();
  if (weights.includes(WEIGHTS)) return WEIGHTS;
  const [only, other] = weights;
  if (only === undefined || other !== undefined) return undefined;
  const tensors = (await files.readableTensors(only))?.tensors;
  const isOne = ["encoder.weight", "encoder.bias", "W_dec"].every((name) => tensors?.has(name));
  return isOne ? only : undefined;
}

async function opened(
  files: SaeFiles,
  tensors: TensorFile,
  config: SparsifyConfig,
): Promise<OpenedSae> {
  const [width, featureCount] = checkTensors(files.path, tensors, config);
  const activation = activationOf(files.path, config, featureCount);
  const transcodes = config.transcode === true;
  const skips = tensors.tensors.has("W_skip");
  const place = placeOf(files.folders, transcodes);
  const sizes = { width, featureCount };
  return {
    path: files.path,
    format: SPARSIFY.name,
    architecture: architectureOf(config),
    ...sizes,
    ...place.reads,
    predicts: transcodes ? { width, ...place.predicts } : undefined,
    notes: [
      ...place.notes,
      ...notesOn(config),
      ...notesOnUnread(tensors, [...MATRIX_NAMES, "encoder.bias", "b_dec", "W_skip"]),
      ...await squareNotes(tensors, MATRICES),
    ],
    async read() {
      return {
        ...sizes,
        rows: featureRows(tensors, MATRICES.encoder, MATRICES.isEncoderTransposed),
        bias: await tensors.read("encoder.bias"),
        input: transcodes ? [] : [{ kind: "subtract", vector: await tensors.read("b_dec") }],
        activation,
        site: place.reads.site,
        targets: [],
      };
    },
    async readDecoder() {
      return await readTensorDecoder(tensors, {
        ...sizes,
        weight: MATRICES.decoder,
        isTransposed: MATRICES.isDecoderTransposed,
        bias: "b_dec",
        skip: skips ? await tensors.read("W_skip") : undefined,
        predicts: transcodes,
      });
    },
  };
}

const MATRIX_NAMES = [MATRICES.encoder, MATRICES.decoder];

function checkTensors(
  path: string,
  tensors: TensorFile,
  { d_in, num_latents, expansion_factor, skip_connection }: SparsifyConfig,
): readonly [number, number] {
  const [featureCount, width] = sizesOf(tensors, MATRICES.encoder);
  expectShape(tensors, MATRICES.decoder, [featureCount, width]);
  expectShape(tensors, "encoder.bias", [featureCount]);
  expectShape(tensors, "b_dec", [width]);
  const said = { path, source: CONFIG };
  checkSaid({ ...said, name: "d_in", value: d_in }, width, "its encoder.weight has width");
  const what = "the number of features in its encoder.weight is";
  if (num_latents) {
    checkSaid({ ...said, name: "num_latents", value: num_latents }, featureCount, what);
  } else if (expansion_factor) {
    const value = expansion_factor * width;
    checkSaid({ ...said, name: "d_in × expansion_factor", value }, featureCount, what);
  }
  if (tensors.tensors.has("W_skip") && skip_connection === false) {
    throw new InputError(
      `${path} contradicts itself: ${CONFIG} says skip_connection false, but ${tensors.path} holds ` +
        "W_skip",
    );
  }
  if (skip_connection) expectShape(tensors, "W_skip", [width, width]);
  return [width, featureCount];
}

interface Place {
  reads: Pick<OpenedSae, "site" | "siteInWords">;
  predicts: Pick<OpenedSae, "site" | "siteInWords">;
  notes: string[];
}

const NOWHERE = { site: undefined, siteInWords: undefined };

/** Only the folder says where it reads, or one above it (`layers.3/seed1`). */
function placeOf(folders: readonly string[], transcodes: boolean): Place {
  const [name, module] = folders.map((name) => [name, moduleOutput(name)] as const)
    .find(([, module]) => module !== undefined) ?? [];
  if (name === undefined || module === undefined) {
    const notes = ["no folder in its path says where it reads (layers.10)"];
    return { reads: NOWHERE, predicts: NOWHERE, notes };
  }
  const output = { site: module.site, siteInWords: `${name}: output of ${module.words}` };
  const notes = noteOn(name, module);
  if (!transcodes) return { reads: output, predicts: NOWHERE, notes };
  const input = { site: module.input, siteInWords: `${name}: input of ${module.words}` };
  return { reads: input, predicts: output, notes };
}

function noteOn(name: string, { site, words }: ModuleOutput): string[] {
  if (site === undefined) {
    return [`${name} is ${words}, whose output is no site that coact knows`];
  }
  if (site.point === "pre") {
    return [
      `${name} is taken for the input of block 0, as in models that neither scale their embeddings ` +
      "nor add positions to them",
    ];
  }
  if (site.point === "post") return [];
  return [
    `${name} is taken for what the module adds to the residual stream; where a norm comes in between ` +
    "(Gemma 2 and 3) it is something else",
  ];
}
