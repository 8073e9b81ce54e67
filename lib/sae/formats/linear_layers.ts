/**
 * SAEs that are two linear layers with ReLU between them, in a state dict and nothing else:
 * Goodfire's of Llama (`encoder_linear`, `decoder_linear`) and qresearch's (`encoder`, `decoder`).
 *
 *     z = max(0, x W_encᵀ + b_enc)
 *
 * b_dec is not subtracted. The numbers in Goodfire's names (91, 121) are mean L0s, not a k. Goodfire's
 * SAEs of DeepSeek R1, of one matrix `W`, keep the largest activations of all rows together.
 *
 * Sources: https://huggingface.co/Goodfire/Llama-3.1-8B-Instruct-SAE-l19,
 * https://github.com/goodfire-ai/r1-interpretability,
 * https://huggingface.co/qresearch/DeepSeek-R1-Distill-Llama-8B-SAE-l19.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../../base/errors.ts";
import type { Site } from "../../lm/site.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { RELU } from "../activation.ts";
import { OWN_NAME } from "./dictionary_learning.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { featureRows } from "./stored_rows.ts";
import { expectShape, sizesOf } from "./tensor_checks.ts";
import { notesOnUnread } from "./said.ts";
import { squareNotes } from "./square.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";

/** Configurations of other formats whose tensors have the same names. */
const OTHERS = ["config.json", "cfg.json", "hyperparams.json"];

/** Goodfire's SAEs of Llama. */
export const GOODFIRE: SaeFormat = {
  name: "Goodfire",
  recognizes: async (files) => await weightsOf(files, "_linear") !== undefined,
  open: async (files) => await opened(files, GOODFIRE.name, "_linear"),
};

/** Those of qresearch. */
export const QRESEARCH: SaeFormat = {
  name: "qresearch",
  recognizes: async (files) => await weightsOf(files, "") !== undefined,
  open: async (files) => await opened(files, QRESEARCH.name, ""),
};

/** Goodfire's SAEs of DeepSeek R1, which are recognised and refused. */
export const GOODFIRE_R1: SaeFormat = {
  name: "Goodfire R1",
  async recognizes(files) {
    const file = await onlyFile(files);
    return file !== undefined && [...file.tensors.keys()].sort().join() === "W,b_dec,b_enc";
  },
  open(files) {
    throw new InputError(
      `${files.path} is one of Goodfire's SAEs of DeepSeek R1: of all rows together it keeps the ` +
        "largest activations, k times as many as there are rows, so that a row's features depend on " +
        "the rows beside it, and no threshold is in the file; coact encodes row by row",
    );
  },
};

/** The weights, if there is one file of them, of PyTorch: other libraries have the same names. */
async function onlyFile(files: SaeFiles): Promise<TensorFile | undefined> {
  const [only, other] = await files.weights();
  if (only === undefined || other !== undefined || !/\.pth?$/.test(only)) return undefined;
  return await files.readableTensors(only);
}

async function weightsOf(files: SaeFiles, suffix: string): Promise<TensorFile | undefined> {
  const file = await onlyFile(files);
  const names = ["encoder", "decoder"].flatMap((layer) =>
    ["weight", "bias"].map((name) => `${layer}${suffix}.${name}`)
  );
  if (file === undefined || !names.every((name) => file.tensors.has(name))) return undefined;
  // Its tensors are those of an AutoEncoderNew of dictionary_learning, whose folders say the site.
  if (basename(file.path) === OWN_NAME) return undefined;
  for (const name of OTHERS) {
    if (suffix === "" && await files.isBeside(name)) return undefined;
  }
  return file;
}

async function opened(files: SaeFiles, format: string, suffix: string): Promise<OpenedSae> {
  const tensors = (await weightsOf(files, suffix))!;
  const [encoder, decoder] = [`encoder${suffix}`, `decoder${suffix}`];
  const matrices = {
    encoder: `${encoder}.weight`,
    isEncoderTransposed: false,
    decoder: `${decoder}.weight`,
    isDecoderTransposed: true,
  };
  const biases = [`${encoder}.bias`, `${decoder}.bias`] as const;
  const [featureCount, width] = sizesOf(tensors, matrices.encoder);
  expectShape(tensors, matrices.decoder, [width, featureCount]);
  expectShape(tensors, biases[0], [featureCount]);
  expectShape(tensors, biases[1], [width]);
  const place = placeOf(files, tensors);
  const sizes = { width, featureCount };
  return {
    path: files.path,
    format,
    architecture: "relu",
    ...sizes,
    ...place,
    notes: [
      ...place.notes,
      ...notesOnUnread(tensors, [matrices.encoder, matrices.decoder, ...biases]),
      ...await squareNotes(tensors, matrices),
    ],
    async read() {
      return {
        ...sizes,
        rows: featureRows(tensors, matrices.encoder, matrices.isEncoderTransposed),
        bias: await tensors.read(biases[0]),
        input: [],
        activation: RELU,
        site: place.site,
        targets: [],
      };
    },
    readDecoder: () =>
      readTensorDecoder(tensors, {
        ...sizes,
        weight: matrices.decoder,
        isTransposed: matrices.isDecoderTransposed,
        bias: biases[1],
      }),
  };
}

/** Only the name of the file, or of a folder, says which block's output it reads: `…-l19.pth`. */
function placeOf(
  { folders }: SaeFiles,
  { path }: TensorFile,
): Pick<OpenedSae, "site" | "siteInWords" | "notes"> {
  const [file = ""] = path.split(/[/\\]/).slice(-1);
  const named = [file, ...folders].flatMap((name) => {
    const layer = /(?:^|[-_.])l(?:ayer)?[-_]?(\d{1,3})(?![\dA-Za-z])/i.exec(name)?.[1];
    return layer === undefined ? [] : [{ name, block: Number(layer) }];
  });
  const [first] = named;
  if (first === undefined) {
    const notes = ["nothing in its name says which block's output it reads (…-l19.pth)"];
    return { site: undefined, siteInWords: undefined, notes };
  }
  const { name, block } = first;
  const site: Site = { block, point: "post" };
  const other = named.find((each) => each.block !== block);
  const notes = other === undefined ? [] : [
    `${name} says layer ${block}, but ${other.name} says ${other.block}: ${name} is followed`,
  ];
  return { site, siteInWords: `${name}: output of block ${block}`, notes };
}
