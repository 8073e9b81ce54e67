/**
 * Qwen-Scope, by the Qwen team: `layer3.sae.pt`, a state dict and nothing else.
 *
 *     z = the k largest of x W_encᵀ + b_enc, those of them that are above 0
 *
 * b_dec is not subtracted. The file does not hold k; the repository's name does (`…-L0_50`).
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { OpenedSae, SaeFormat, SaeOptions } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { featureRows } from "./stored_rows.ts";
import { expectShape, sizesOf } from "./tensor_checks.ts";
import { notesOnUnread } from "./said.ts";
import { squareNotes } from "./square.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";

const NAME = /^layer(\d{1,3})\.sae\.pt$/;

const MATRICES = {
  encoder: "W_enc",
  isEncoderTransposed: false,
  decoder: "W_dec",
  isDecoderTransposed: true,
} as const;

/** See the module. */
export const QWEN_SCOPE: SaeFormat = {
  name: "Qwen-Scope",
  recognizes: ({ file }) => Promise.resolve(file !== undefined && NAME.test(file)),
  open: openQwen,
};

async function openQwen(files: SaeFiles, { k: said }: SaeOptions): Promise<OpenedSae> {
  const tensors = await files.tensors(files.file!);
  const [featureCount, width] = sizesOf(tensors, "W_enc");
  expectShape(tensors, "W_dec", [width, featureCount]);
  expectShape(tensors, "b_enc", [featureCount]);
  expectShape(tensors, "b_dec", [width]);
  const named = files.folders.map((name) => /L0_(\d{1,6})(?!\d)/.exec(name)?.[1])
    .find((k) => k !== undefined);
  const k = said ?? (named === undefined ? undefined : Number(named));
  if (k === undefined) {
    throw new InputError(
      `${files.path} does not say how many features of a question it keeps; the name of its ` +
        "repository does (L0_50): k has to be given",
    );
  }
  if (!(Number.isInteger(k) && k >= 1 && k <= featureCount)) {
    throw new InputError(`${files.path}: k is ${k}, expected 1 to ${featureCount}`);
  }
  const block = Number(NAME.exec(files.file!)![1]);
  const site = { block, point: "post" } as const;
  return {
    path: files.path,
    format: QWEN_SCOPE.name,
    architecture: "topk",
    k,
    width,
    featureCount,
    site,
    siteInWords: `output of block ${block}`,
    notes: [
      ...(said !== undefined && named !== undefined && said !== Number(named)
        ? [`its path says that ${named} features of a question are kept, but k is given as ${said}`]
        : []),
      ...notesOnUnread(tensors, [MATRICES.encoder, MATRICES.decoder, "b_enc", "b_dec"]),
      ...await squareNotes(tensors, MATRICES),
    ],
    async read() {
      return {
        width,
        featureCount,
        rows: featureRows(tensors, "W_enc", false),
        bias: await tensors.read("b_enc"),
        input: [],
        activation: { threshold: { k, by: "value" }, floor: 0 },
        site,
        targets: [],
      };
    },
    readDecoder: () =>
      readTensorDecoder(tensors, {
        width,
        featureCount,
        weight: "W_dec",
        isTransposed: true,
        bias: "b_dec",
      }),
  };
}
