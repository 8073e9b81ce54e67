/**
 * Gemma Scope, by Google DeepMind: JumpReLU SAEs in `params.npz` (the first) or `config.json` and
 * `params.safetensors` (the second).
 *
 *     z = p > threshold ? max(0, p) : 0,  p = x W_enc + b_enc
 *
 * b_dec is not subtracted. Transcoders encode in the same way; those of the second may add
 * x affine_skip_connection to what they decode. SAEs of the embeddings (folder `embedding`) were trained on embeddings
 * before Gemma multiplies them with sqrt(d).
 *
 * Sources: https://arxiv.org/abs/2408.05147, https://huggingface.co/google/gemma-scope.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Schema } from "../../files/json.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import {
  type GemmaHooks,
  type GemmaPlace,
  placeByConfig,
  placeByFolders,
} from "./gemma_scope_place.ts";
import { featureRows } from "./stored_rows.ts";
import { checkNumberTypes, expectShape, sizesOf } from "./tensor_checks.ts";
import { notesOnUnread } from "./said.ts";
import { squareNotes } from "./square.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";
import { readTensorEncoder } from "./tensor_encoder.ts";

const FIRST = "params.npz";
const SECOND = "params.safetensors";
/** What a transcoder of the second adds to what it decodes, of its input: `[d_in, d_out]`. */
const SKIP = "affine_skip_connection";

/** What the second's configuration says. */
interface Config extends GemmaHooks {
  width: number;
  architecture: string;
  affine_connection?: boolean | null | undefined;
}

const configSchema: Schema<Config> = z.object({
  hf_hook_point_in: z.string(),
  hf_hook_point_out: z.string().nullish(),
  width: z.int(),
  architecture: z.string(),
  type: z.string().optional(),
  l0: z.number().nullish(),
  affine_connection: z.boolean().nullish(),
});

/** See the module. */
export const GEMMA_SCOPE: SaeFormat = {
  name: "Gemma Scope",
  async recognizes(files) {
    return await files.has(FIRST) || await files.has(SECOND);
  },
  async open(files) {
    return await files.has(FIRST) ? await openFirst(files) : await openSecond(files);
  },
};

async function openFirst(files: SaeFiles): Promise<OpenedSae> {
  const tensors = await files.tensors(FIRST);
  const [width] = sizesOf(tensors, nameIn(tensors, "W_enc"));
  const place = placeByFolders(files.folders, width);
  return await opened(files, tensors, place);
}

async function openSecond(files: SaeFiles): Promise<OpenedSae> {
  const tensors = await files.tensors(SECOND);
  const config = await files.config("config.json", configSchema);
  if (config === undefined) {
    throw new InputError(`${files.path}: config.json, which says where it reads, is missing`);
  }
  if (config.architecture !== "jump_relu") {
    throw new InputError(
      `${files.path}: its architecture is ${config.architecture}, expected jump_relu`,
    );
  }
  if (config.type !== undefined && !["sae", "transcoder"].includes(config.type)) {
    throw new InputError(
      `${files.path}: config.json says type ${config.type}, which reads or predicts several layers; ` +
        "coact reads sae, transcoder",
    );
  }
  const hasSkip = tensors.tensors.has(SKIP);
  if (hasSkip !== (config.affine_connection ?? hasSkip)) {
    throw new InputError(
      `${files.path} contradicts itself: config.json says affine_connection ` +
        `${config.affine_connection}, but it has ${hasSkip ? "an" : "no"} ${SKIP}`,
    );
  }
  const sae = await opened(files, tensors, placeByConfig(files.folders, config));
  if (config.width === sae.featureCount) return sae;
  throw new InputError(
    `${files.path} contradicts itself: config.json says width ${config.width}, but its tensors have ` +
      `${sae.featureCount} features`,
  );
}

/** Some files have the names of their matrices in small letters. */
function nameIn({ tensors, unreadable }: TensorFile, name: string): string {
  return tensors.has(name) || unreadable.has(name) ? name : name.toLowerCase();
}

async function opened(
  files: SaeFiles,
  tensors: TensorFile,
  { isEmbedding, predicts, l0, ...place }: GemmaPlace,
): Promise<OpenedSae> {
  const [encoder, decoder] = [nameIn(tensors, "W_enc"), nameIn(tensors, "W_dec")];
  const [width, featureCount] = sizesOf(tensors, encoder);
  const [, outputs] = sizesOf(tensors, decoder);
  const widths = predicts === undefined ? width : outputs;
  expectShape(tensors, decoder, [featureCount, widths]);
  expectShape(tensors, "b_dec", [widths]);
  for (const name of ["b_enc", "threshold"]) expectShape(tensors, name, [featureCount]);
  if (tensors.tensors.has(SKIP)) expectShape(tensors, SKIP, [width, outputs]);
  const known = [encoder, decoder, "b_enc", "b_dec", "threshold", SKIP];
  checkNumberTypes(tensors, known.filter((name) => tensors.tensors.has(name)));
  const square = await squareNotes(tensors, {
    encoder,
    isEncoderTransposed: true,
    decoder,
    isDecoderTransposed: false,
  });
  return {
    path: files.path,
    format: GEMMA_SCOPE.name,
    architecture: "jumprelu",
    width,
    featureCount,
    ...place,
    predicts: predicts && { ...predicts, width: outputs },
    declaredL0: l0,
    notes: [
      ...place.notes,
      ...notesOnUnread(tensors, known),
      ...(predicts === undefined ? square : []),
    ],
    async read() {
      const weights = await readTensorEncoder(tensors, {
        width,
        featureCount,
        weight: encoder,
        isTransposed: true,
        bias: "b_enc",
        weightFactor: isEmbedding ? 1 / Math.sqrt(width) : 1,
      });
      return {
        ...weights,
        width,
        featureCount,
        input: [],
        activation: { threshold: await tensors.read("threshold"), floor: 0 },
        site: place.site,
        targets: [],
      };
    },
    readDecoder: async () =>
      await readTensorDecoder(tensors, {
        width: outputs,
        featureCount,
        weight: decoder,
        bias: "b_dec",
        scale: isEmbedding ? Math.sqrt(width) : undefined,
        skip: tensors.tensors.has(SKIP)
          ? await featureRows(tensors, SKIP, true).read(0, outputs)
          : undefined,
        predicts: predicts !== undefined,
      }),
  };
}
