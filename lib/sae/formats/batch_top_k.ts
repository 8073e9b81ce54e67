/**
 * BatchTopK, by bartbussmann: `sae.pt` and `config.json`.
 *
 * x' is x, or (x - mean) / (deviation + 1e-5) with `input_unit_norm`, and what is decoded goes back.
 *
 * | sae_type  | z                                                                     |
 * | --------- | --------------------------------------------------------------------- |
 * | vanilla   | max(0, p), p = (x' - b_dec) W_enc + b_enc                             |
 * | topk      | of the k largest, max(0, p), p = (x' - b_dec) W_enc; b_enc is not used |
 * | jumprelu  | p where p > exp(log_threshold), p = x' W_enc + b_enc                  |
 *
 * `batchtopk` keeps the largest activations of all rows together, and is refused.
 *
 * Source: https://github.com/bartbussmann/BatchTopK.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { type Activation, RELU } from "../activation.ts";
import {
  anySchema,
  type BatchTopKConfig,
  batchTopKConfigSchema,
  CONFIG,
  placeOf,
} from "./batch_top_k_config.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { featureRows } from "./stored_rows.ts";
import { expectShape, sizesOf } from "./tensor_checks.ts";
import { checkedK, checkSaid, notesOnUnread } from "./said.ts";
import { squareNotes } from "./square.ts";
import { readPlainDecoder } from "./tensor_decoder.ts";

const LOG_THRESHOLD = "jumprelu.log_threshold";
/** What is added to the deviation. */
const EPSILON = 1e-5;

const MATRICES = {
  encoder: "W_enc",
  isEncoderTransposed: true,
  decoder: "W_dec",
  isDecoderTransposed: false,
} as const;

/** See the module. */
export const BATCH_TOP_K: SaeFormat = {
  name: "BatchTopK",
  async recognizes(files) {
    return await weightsOf(files) !== undefined;
  },
  async open(files) {
    const config = await files.config(CONFIG, batchTopKConfigSchema);
    return await opened(files, await files.tensors((await weightsOf(files))!), config!);
  },
};

/** The file with the weights, if the configuration is this library's. */
async function weightsOf(files: SaeFiles): Promise<string | undefined> {
  const weights = await files.weights();
  const name = weights.includes("sae.pt")
    ? "sae.pt"
    : weights.length === 1
    ? weights[0]
    : undefined;
  if (name === undefined) return undefined;
  const config = await files.config(CONFIG, anySchema).catch(() => undefined);
  // What OpenMOSS writes has a sae_type, too.
  const isOthers = config?.hook_point_in !== undefined;
  return config?.sae_type === undefined || isOthers ? undefined : name;
}

async function opened(
  files: SaeFiles,
  tensors: TensorFile,
  config: BatchTopKConfig,
): Promise<OpenedSae> {
  const [width, featureCount] = checkTensors(files.path, tensors, config);
  checkType(files.path, tensors, config);
  const { sae_type, input_unit_norm } = config;
  const isNormed = input_unit_norm === true || input_unit_norm === "True";
  const k = sae_type === "topk"
    ? checkedK(
      { path: files.path, source: CONFIG, name: "top_k", value: config.top_k },
      featureCount,
    )
    : undefined;
  const place = placeOf(config, files.folders);
  const sizes = { width, featureCount };
  return {
    path: files.path,
    format: BATCH_TOP_K.name,
    architecture: sae_type,
    ...sizes,
    ...place,
    notes: [
      ...place.notes,
      ...notesOnUnread(tensors, [...VECTORS, MATRICES.encoder, MATRICES.decoder, LOG_THRESHOLD]),
      ...await squareNotes(tensors, MATRICES),
    ],
    async read() {
      return {
        ...sizes,
        rows: featureRows(tensors, MATRICES.encoder, MATRICES.isEncoderTransposed),
        bias: k === undefined ? await tensors.read("b_enc") : new Float32Array(featureCount),
        input: [
          ...(isNormed ? [{ kind: "layer_norm" as const, epsilon: EPSILON }] : []),
          ...(sae_type === "jumprelu"
            ? []
            : [{ kind: "subtract" as const, vector: await tensors.read("b_dec") }]),
        ],
        activation: await readActivation(tensors, k),
        site: place.site,
        targets: [],
      };
    },
    readDecoder: () => readPlainDecoder(tensors, MATRICES, { ...sizes, bias: "b_dec" }),
  };
}

const VECTORS = ["b_enc", "b_dec"];

function checkTensors(
  path: string,
  tensors: TensorFile,
  { act_size, dict_size }: BatchTopKConfig,
): readonly [number, number] {
  const [width, featureCount] = sizesOf(tensors, MATRICES.encoder);
  expectShape(tensors, MATRICES.decoder, [featureCount, width]);
  expectShape(tensors, "b_enc", [featureCount]);
  expectShape(tensors, "b_dec", [width]);
  const said = { path, source: CONFIG };
  checkSaid({ ...said, name: "act_size", value: act_size }, width, "its W_enc has width");
  checkSaid(
    { ...said, name: "dict_size", value: dict_size },
    featureCount,
    "the number of features in its W_enc is",
  );
  return [width, featureCount];
}

function checkType(path: string, tensors: TensorFile, { sae_type, top_k }: BatchTopKConfig): void {
  if (sae_type === "batchtopk") {
    throw new InputError(
      `${path}: ${CONFIG} says sae_type batchtopk: of all rows together it keeps the largest ` +
        `activations, ${top_k ?? "k"} times as many as there are rows, so that a row's features ` +
        "depend on the rows beside it, and no threshold is in the file; coact encodes row by row",
    );
  }
  if (!["vanilla", "topk", "jumprelu"].includes(sae_type)) {
    throw new InputError(
      `${path}: ${CONFIG} says sae_type ${sae_type}, expected vanilla, topk or jumprelu`,
    );
  }
  if (sae_type === "jumprelu") {
    const [, featureCount] = sizesOf(tensors, MATRICES.encoder);
    expectShape(tensors, LOG_THRESHOLD, [featureCount]);
  } else if (tensors.tensors.has(LOG_THRESHOLD)) {
    throw new InputError(
      `${path} contradicts itself: ${CONFIG} says sae_type ${sae_type}, but ${tensors.path} holds ` +
        `${LOG_THRESHOLD}, which is jumprelu's`,
    );
  }
}

async function readActivation(tensors: TensorFile, k: number | undefined): Promise<Activation> {
  if (k !== undefined) return { threshold: { k, by: "value" }, floor: 0 };
  if (!tensors.tensors.has(LOG_THRESHOLD)) return RELU;
  return { threshold: (await tensors.read(LOG_THRESHOLD)).map(Math.exp) };
}
