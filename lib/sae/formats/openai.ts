/**
 * OpenAI's sparse autoencoders of GPT-2: a state dict that says its activation itself.
 *
 *     p = (x' - pre_bias) encoder.weightᵀ + latent_bias
 *
 * ReLU: z = max(0, p), x' = x. TopK: of the k largest p, max(0, p) or, if it says Identity, p; x' is
 * (x - mean) / (deviation + 1e-5), and what is decoded goes back by deviation and mean.
 *
 * Source: https://github.com/openai/sparse_autoencoder.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../../base/errors.ts";
import type { BlockPoint, Site } from "../../lm/site.ts";
import { PickleDict, type PickleValue } from "../../tensors/pickle_values.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { type Activation, LINEAR, RELU } from "../activation.ts";
import type { InputStep } from "../input.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { featureRows } from "./stored_rows.ts";
import { expectShape, sizesOf } from "./tensor_checks.ts";
import { checkedK, notesOnUnread } from "./said.ts";
import { squareNotes } from "./square.ts";
import { readPlainDecoder } from "./tensor_decoder.ts";

/** What is added to the deviation. */
const EPSILON = 1e-5;

const MATRICES = {
  encoder: "encoder.weight",
  isEncoderTransposed: false,
  decoder: "decoder.weight",
  isDecoderTransposed: true,
} as const;

/** What else such a file holds. */
const OTHERS = [
  "pre_bias",
  "latent_bias",
  "stats_last_nonzero",
  "latents_activation_frequency",
  "latents_mean_square",
  "activation",
  "activation_state_dict",
  "activation.k",
  "activation.postact_fn",
];

/** See the module. */
export const OPENAI: SaeFormat = {
  name: "OpenAI",
  async recognizes(files) {
    return await weightsOf(files) !== undefined;
  },
  async open(files) {
    return await opened(files, await files.tensors((await weightsOf(files))!));
  },
};

async function weightsOf(files: SaeFiles): Promise<string | undefined> {
  const [only, other] = await files.weights();
  if (only === undefined || other !== undefined) return undefined;
  const tensors = (await files.readableTensors(only))?.tensors;
  return tensors?.has("pre_bias") && tensors.has("latent_bias") ? only : undefined;
}

async function opened(files: SaeFiles, tensors: TensorFile): Promise<OpenedSae> {
  const [featureCount, width] = sizesOf(tensors, MATRICES.encoder);
  expectShape(tensors, MATRICES.decoder, [width, featureCount]);
  expectShape(tensors, "pre_bias", [width]);
  expectShape(tensors, "latent_bias", [featureCount]);
  const { name, activation, input } = formulaOf(files.path, tensors, featureCount);
  // The file says the layer, whether it was named itself or lies alone in the folder that was.
  const place = placeOf([basename(tensors.path), ...files.folders]);
  const sizes = { width, featureCount };
  return {
    path: files.path,
    format: OPENAI.name,
    architecture: name,
    ...sizes,
    ...place,
    notes: [
      ...(place.siteInWords === undefined
        ? ["no folder in its path says where it reads (resid_post_mlp_v5_32k/autoencoders/3.pt)"]
        : []),
      ...(tensors.values.has("activation") ? [] : ["it says no activation: it is taken for ReLU"]),
      ...notesOnUnread(tensors, [MATRICES.encoder, MATRICES.decoder, ...OTHERS]),
      ...await squareNotes(tensors, MATRICES),
    ],
    async read() {
      return {
        ...sizes,
        rows: featureRows(tensors, MATRICES.encoder, MATRICES.isEncoderTransposed),
        bias: await tensors.read("latent_bias"),
        input: [...input, { kind: "subtract", vector: await tensors.read("pre_bias") }],
        activation,
        site: place.site,
        targets: [],
      };
    },
    readDecoder: () => readPlainDecoder(tensors, MATRICES, { ...sizes, bias: "pre_bias" }),
  };
}

interface Formula {
  name: string;
  activation: Activation;
  /** What becomes of x before pre_bias is subtracted. */
  input: readonly InputStep[];
}

/** The owner's own rule: layer norm with TopK, and with nothing else. */
function formulaOf(path: string, { values }: TensorFile, featureCount: number): Formula {
  const name = values.get("activation") ?? "ReLU";
  const state = values.get("activation_state_dict");
  if (name === "ReLU" || name === "Identity") {
    const k = fieldOf(state, "k");
    if (k !== undefined) {
      throw new InputError(
        `${path} contradicts itself: it says activation ${name}, but its activation_state_dict k ${k}`,
      );
    }
    return { name: name.toLowerCase(), activation: name === "ReLU" ? RELU : LINEAR, input: [] };
  }
  if (name !== "TopK") {
    throw new InputError(`${path}: its activation is ${textOf(name)}, expected ReLU or TopK`);
  }
  const said = (field: "k" | "postact_fn") => {
    const [own, today] = [fieldOf(state, field), values.get(`activation.${field}`)];
    if (own === undefined || today === undefined || own === today) return own ?? today;
    throw new InputError(
      `${path} contradicts itself: its activation_state_dict says ${field} ${
        textOf(own)
      }, but its ` +
        `activation.${field} is ${textOf(today)}`,
    );
  };
  const [k, after] = [said("k"), said("postact_fn") ?? "ReLU"];
  if (k !== undefined && typeof k !== "number") {
    throw new InputError(`${path}: its k is ${textOf(k)}, expected a number`);
  }
  if (after !== "ReLU" && after !== "Identity") {
    throw new InputError(`${path}: its postact_fn is ${textOf(after)}, expected ReLU or Identity`);
  }
  const threshold = {
    k: checkedK({ path, source: "activation_state_dict", name: "k", value: k }, featureCount),
    by: "value",
  } as const;
  return {
    name: "topk",
    activation: after === "ReLU" ? { threshold, floor: 0 } : { threshold },
    input: [{ kind: "layer_norm", epsilon: EPSILON }],
  };
}

function fieldOf(dict: PickleValue | undefined, name: string): PickleValue | undefined {
  return dict instanceof PickleDict ? dict.get(name) : undefined;
}

/** A value as a message can hold it. */
function textOf(value: PickleValue): string {
  const isPlain = ["string", "number", "bigint", "boolean"].includes(typeof value);
  return isPlain ? String(value).slice(0, 60) : "no plain value";
}

/** Locations as the owner names them; `mlp_post_act` is within the MLP. */
const POINTS: Readonly<Record<string, BlockPoint | undefined>> = {
  resid_post_mlp: "post",
  resid_post_attn: "mid",
  resid_delta_mlp: "mlp_out",
  resid_delta_attn: "attn_out",
  mlp_post_act: undefined,
};

/** Only the path says where it reads: `{location}{_version}/autoencoders/{layer}.pt`. */
function placeOf(folders: readonly string[]): Pick<OpenedSae, "site" | "siteInWords"> {
  const location = folders.map((name) => name.replace(/_v\d+(_\d+k)?$/, ""))
    .find((name) => Object.hasOwn(POINTS, name));
  const layer = folders.map((name) => /^(\d{1,3})(?:\.pth?)?$/.exec(name)?.[1])
    .find((layer) => layer !== undefined);
  if (location === undefined || layer === undefined) {
    return { site: undefined, siteInWords: undefined };
  }
  const point = POINTS[location];
  const site: Site | undefined = point && { block: Number(layer), point };
  return { site, siteInWords: `${location}, layer ${layer}` };
}
