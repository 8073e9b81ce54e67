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
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Schema } from "../../files/json.ts";
import { siteText } from "../../lm/site.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { type Activation, RELU } from "../activation.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { siteOfHook } from "./hook_site.ts";
import { featureRows } from "./stored_rows.ts";
import { expectShape, sizesOf } from "./tensor_checks.ts";
import { checkedK, checkSaid, notesOnUnread } from "./said.ts";
import { squareNotes } from "./square.ts";
import { readPlainDecoder } from "./tensor_decoder.ts";

const CONFIG = "config.json";
const LOG_THRESHOLD = "jumprelu.log_threshold";
/** What is added to the deviation. */
const EPSILON = 1e-5;

const MATRICES = {
  encoder: "W_enc",
  isEncoderTransposed: true,
  decoder: "W_dec",
  isDecoderTransposed: false,
} as const;

/** What the configuration says, as far as it is read. */
interface Config {
  sae_type: string;
  top_k?: number | null | undefined;
  act_size?: number | null | undefined;
  dict_size?: number | null | undefined;
  input_unit_norm?: boolean | string | null | undefined;
  hook_point?: string | null | undefined;
  site?: string | null | undefined;
  layer?: number | null | undefined;
  model_name?: string | null | undefined;
}

const configSchema: Schema<Config> = z.object({
  sae_type: z.string(),
  top_k: z.int().nullish(),
  act_size: z.int().nullish(),
  dict_size: z.int().nullish(),
  input_unit_norm: z.union([z.boolean(), z.literal(["True", "False"])]).nullish(),
  hook_point: z.string().nullish(),
  site: z.string().nullish(),
  layer: z.int().nullish(),
  model_name: z.string().nullish(),
});

/** For telling the format from others with a `config.json`. */
const anySchema: Schema<{ sae_type?: unknown; hook_point_in?: unknown }> = z.object({
  sae_type: z.unknown(),
  hook_point_in: z.unknown().optional(),
});

/** See the module. */
export const BATCH_TOP_K: SaeFormat = {
  name: "BatchTopK",
  async recognizes(files) {
    return await weightsOf(files) !== undefined;
  },
  async open(files) {
    const config = await files.config(CONFIG, configSchema);
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

async function opened(files: SaeFiles, tensors: TensorFile, config: Config): Promise<OpenedSae> {
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
  { act_size, dict_size }: Config,
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

function checkType(path: string, tensors: TensorFile, { sae_type, top_k }: Config): void {
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

/** Models whose writing weights TransformerLens centres, as it does where layer norms are. */
const CENTRED = /^(gpt2|distilgpt2|pythia|gpt-neo|gpt-j|opt|bloom|stanford|gelu|solu|attn-only)/;

function placeOf(
  { hook_point, site, layer, model_name }: Config,
  folders: readonly string[],
): Pick<OpenedSae, "site" | "siteInWords" | "notes" | "isCentred" | "centringNote"> {
  const hook = hook_point ?? undefined;
  const found = hook === undefined ? undefined : siteOfHook(hook);
  const notes: string[] = [];
  if (hook === undefined) {
    notes.push(`${CONFIG} has no hook_point: where it reads is not known`);
  } else if (found === undefined) {
    notes.push(`${CONFIG} says hook_point ${hook}, which is no site that coact knows`);
  }
  const block = found === undefined || found.point === "final" ? undefined : found.block;
  if (typeof layer === "number" && block !== undefined && layer !== block) {
    notes.push(`${CONFIG} says layer ${layer}, but hook_point ${hook}, which is followed`);
  }
  if (site && hook !== undefined && !hook.endsWith(site)) {
    notes.push(`${CONFIG} says site ${site}, but hook_point ${hook}, which is followed`);
  }
  const folder = folders.map((name) => /blocks\.\d{1,3}\.hook_[a-z_]+[a-z]/.exec(name)?.[0])
    .find((name) => name !== undefined);
  if (folder !== undefined && hook !== undefined && folder !== hook) {
    notes.push(`its folder says ${folder}, but ${CONFIG} hook_point ${hook}, which is followed`);
  }
  const isCentred = found !== undefined && CENTRED.test(model_name ?? "");
  if (!isCentred) return { site: found, siteInWords: hook, notes };
  const centringNote = `it was trained on TransformerLens' ${model_name}, in whose ${
    siteText(found)
  } each residual has had its mean subtracted`;
  notes.push(centringNote);
  return { site: found, siteInWords: hook, isCentred, centringNote, notes };
}
