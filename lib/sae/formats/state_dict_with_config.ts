/**
 * A state dict with its configuration beside it: `NAME.pt` and `NAME_cfg.json`, as the SAEs of
 * attention outputs by Kissane and Krzyzanowski are, and others that were trained with the same code.
 *
 *     z = max(0, (x - b_dec) W_enc + b_enc)
 *
 * Sources: https://arxiv.org/abs/2406.17759, `pretrained_sae_loaders.py` of SAELens,
 * https://github.com/neelnanda-io/1L-Sparse-Autoencoder.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Schema } from "../../files/json.ts";
import { isFileThere } from "../../files/look.ts";
import { RELU } from "../activation.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { layerNotes, siteOfHook } from "./hook_site.ts";
import { checkNumberTypes, expectShape, sizesOf } from "./tensor_checks.ts";
import { checkSaid, notesOnUnread } from "./said.ts";
import { squareNotes } from "./square.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";
import { readTensorEncoder } from "./tensor_encoder.ts";

const TENSORS = ["W_enc", "b_enc", "W_dec", "b_dec"];

/** What the configuration says. */
interface Config {
  act_size?: number | undefined;
  dict_size?: number | undefined;
  act_name?: string | undefined;
  layer?: number | undefined;
  concat_heads?: boolean | undefined;
}

const schema: Schema<Config> = z.object({
  act_size: z.int().optional(),
  dict_size: z.int().optional(),
  act_name: z.string().optional(),
  layer: z.int().optional(),
  concat_heads: z.boolean().optional(),
});

/** See the module. */
export const STATE_DICT_WITH_CONFIG: SaeFormat = {
  name: "state dict with _cfg.json",
  async recognizes(files) {
    const name = await weightsOf(files);
    if (name === undefined) return false;
    const { tensors } = await files.readableTensors(name) ?? {};
    return tensors === undefined || tensors.has("W_enc");
  },
  open: openStateDict,
};

/** The one file with weights that has a configuration of its name beside it. */
async function weightsOf(files: SaeFiles): Promise<string | undefined> {
  const found: string[] = [];
  for (const name of await files.weights()) {
    if (!/\.pth?$/.test(name)) continue;
    if (await isFileThere(`${files.directory}/${configOf(name)}`)) found.push(name);
  }
  if (found.length < 2) return found[0];
  throw new InputError(
    `${files.path} holds ${found.length} SAEs (${found.slice(0, 4).join(", ")}${
      found.length > 4 ? ", …" : ""
    }): name the file of one of them`,
  );
}

function configOf(name: string): string {
  return name.replace(/\.pth?$/, "_cfg.json");
}

async function openStateDict(files: SaeFiles): Promise<OpenedSae> {
  const name = (await weightsOf(files))!;
  const source = configOf(name);
  const config = (await files.config(source, schema))!;
  const tensors = await files.tensors(name);
  const [width, featureCount] = sizesOf(tensors, "W_enc");
  expectShape(tensors, "b_enc", [featureCount]);
  expectShape(tensors, "W_dec", [featureCount, width]);
  expectShape(tensors, "b_dec", [width]);
  checkNumberTypes(tensors, TENSORS);
  const { act_name: hook, act_size, dict_size, layer } = config;
  const said = { path: files.path, source };
  checkSaid({ ...said, name: "act_size", value: act_size }, width, "its tensors have width");
  checkSaid(
    { ...said, name: "dict_size", value: dict_size },
    featureCount,
    "the number of features in its tensors is",
  );
  const site = siteOfHook(hook ?? "");
  const [, block] = /^blocks\.(\d{1,3})\./.exec(hook ?? "") ?? [];
  const takesHeads = hook?.endsWith("hook_z") ?? false;
  if (takesHeads && config.concat_heads === false) {
    throw new InputError(
      `${files.path} is recognised and not supported: ${source} says concat_heads false: it reads ` +
        "single heads, and which one is not said",
    );
  }
  return {
    path: files.path,
    format: STATE_DICT_WITH_CONFIG.name,
    architecture: "relu",
    width,
    featureCount,
    site,
    siteInWords: hook,
    takesHeads,
    notes: [
      ...(hook === undefined ? [`${source} has no act_name: where it reads is not known`] : []),
      ...(layer !== undefined && block !== undefined && Number(block) !== layer
        ? [`${source} says layer ${layer}, but act_name ${hook}; act_name counts`]
        : []),
      ...layerNotes(files.folders, hook),
      ...notesOnUnread(tensors, TENSORS),
      ...await squareNotes(tensors, {
        encoder: "W_enc",
        isEncoderTransposed: true,
        decoder: "W_dec",
        isDecoderTransposed: false,
      }),
    ],
    async read() {
      return {
        ...await readTensorEncoder(tensors, {
          width,
          featureCount,
          weight: "W_enc",
          isTransposed: true,
          bias: "b_enc",
        }),
        width,
        featureCount,
        input: [{ kind: "subtract", vector: await tensors.read("b_dec") }],
        activation: RELU,
        site,
        targets: [],
      };
    },
    readDecoder: () =>
      readTensorDecoder(tensors, { width, featureCount, weight: "W_dec", bias: "b_dec" }),
  };
}
