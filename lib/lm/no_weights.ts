/**
 * Says why a directory holds no weights that coact can read: by what is there instead.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../base/errors.ts";
import { readJson, type Schema } from "../files/json.ts";
import { isFileThere, unreadable } from "../files/look.ts";

/** How many names of a directory are looked at. */
const MAX_NAMES = 10_000;

/** What is needed, and how to make it of what is there. */
const NEEDED = "expected model.safetensors or pytorch_model.bin, or shards of one of them with " +
  "their index";
const SAVE_AGAIN = "; load the model with transformers and write it with save_pretrained()";

/** Weights in formats that coact does not read, by how their files are called. */
const OTHER_FORMATS: readonly (readonly [RegExp, string])[] = [
  [/^tf_model.*\.h5$/, "TensorFlow"],
  [/^flax_model.*\.msgpack$/, "Flax"],
  [/\.gguf$|^ggml.*\.bin$/, "llama.cpp"],
  [/^consolidated.*\.(pth|safetensors)$/, "the original layout of its authors"],
  [/^model\.ckpt/, "TensorFlow 1"],
  [/\.onnx(_data)?$/, "ONNX"],
  [/^rust_model\.ot$/, "Rust"],
  [/\.(distcp|ckpt)$|^mp_rank_.*\.pt$|^global_step/, "a training framework's own layout"],
  [/\.(safetensors|bin|pth?|msgpack|h5)$/, "under a name that says nothing to Hugging Face"],
];

/** Files that go with weights but hold none. */
const NO_WEIGHTS =
  /^(training_args|optimizer|scheduler|scaler|rng_state.*)\.(bin|pth?|safetensors)$/;

/** Unfinished downloads, as browsers and huggingface_hub call them. */
const UNFINISHED = /\.(incomplete|part|partial|crdownload|download|aria2)$/;

/** What of a LoRA adapter's configuration is read. */
const adapterSchema: Schema<{ base_model_name_or_path?: string | null | undefined }> = z.object({
  base_model_name_or_path: z.string().nullish(),
});
const MAX_CONFIG_BYTES = 2 ** 20;

/**
 * Ends with the reason why no weights were found.
 *
 * @throws {InputError} Always.
 */
export async function rejectWithoutWeights(directory: string): Promise<never> {
  const names = await namesIn(directory);
  await rejectAdapter(directory, names);
  const unfinished = await unfinishedIn(directory, names);
  if (unfinished !== undefined) {
    throw new InputError(
      `${directory} holds no weights: ${unfinished} is a download that has not come to its end; ` +
        "finish it, or download the model again",
    );
  }
  const shard = names.find((name) => /-\d{5}-of-\d{5}\.(safetensors|bin)$/.test(name));
  if (shard !== undefined) {
    const index = shard.replace(/-\d{5}-of-\d{5}(\.\w+)$/, "$1.index.json");
    throw new InputError(
      `${directory} holds ${shard}, but ${index}, the index of the shards, is missing; download ` +
        "the model again",
    );
  }
  const models = await modelsBelow(directory, names);
  if (models.length > 0) {
    throw new InputError(
      `${directory} holds no weights itself, but there are models in ${listed(models)}; name one ` +
        "of these",
    );
  }
  const others = otherWeights(names);
  throw new InputError(
    others.length === 0
      ? `${directory} holds no weights: ${NEEDED}`
      : `${directory} holds no weights that coact reads, but ${listed(others)}: ${NEEDED}` +
        SAVE_AGAIN,
  );
}

/**
 * Refuses a directory that holds the output of a LoRA fine-tune besides a model's weights.
 *
 * @throws {InputError} If it does.
 */
export async function rejectAdapterBesides(directory: string): Promise<void> {
  if (!await isFileThere(`${directory}/adapter_config.json`)) return;
  await rejectAdapter(directory, await namesIn(directory));
}

/** An adapter's weights are of use only with those of its base model. */
async function rejectAdapter(directory: string, names: readonly string[]): Promise<void> {
  const weights = names.find((name) => /^adapter_model\b.*\.(safetensors|bin)$/.test(name));
  const hasConfig = names.includes("adapter_config.json");
  if (weights === undefined && !hasConfig) return;
  const others = names.some((name) => /^(model|pytorch_model)\b.*\.(safetensors|bin)$/.test(name));
  if (weights === undefined && others) return; // merged, and a trace is left
  const base = hasConfig ? await baseModelOf(`${directory}/adapter_config.json`) : undefined;
  throw new InputError(
    `${directory} is a LoRA adapter (PEFT)${base === undefined ? "" : ` for ${base}`}` +
      (others
        ? ", and holds a model's weights besides: if these have the adapter merged into them, " +
          `remove ${weights} and adapter_config.json, if not, merge it first`
        : ", not a model: merge it into its base model first (merge_and_unload()), and write the " +
          "result with save_pretrained()"),
  );
}

/** Whatever is wrong with the file, the adapter is what the user has to hear of. */
async function baseModelOf(path: string): Promise<string | undefined> {
  try {
    const { base_model_name_or_path } = await readJson(adapterSchema, path, MAX_CONFIG_BYTES);
    return base_model_name_or_path || undefined;
  } catch {
    return undefined;
  }
}

/** In the directory, where huggingface_hub keeps those for it, or among a cache's blobs. */
async function unfinishedIn(
  directory: string,
  names: readonly string[],
): Promise<string | undefined> {
  const found = names.find((name) => UNFINISHED.test(name));
  if (found !== undefined) return `${directory}/${found}`;
  const real = await Deno.realPath(directory);
  const places = [`${directory}/.cache/huggingface/download`];
  if (/[/\\]snapshots[/\\][^/\\]+$/.test(real)) places.push(`${directory}/../../blobs`);
  for (const place of places) {
    const name = (await namesIn(place).catch(() => [])).find((name) => UNFINISHED.test(name));
    if (name !== undefined) return `${place}/${name}`;
  }
}

/** The directories one level below that hold a model, such as `checkpoint-500`. */
async function modelsBelow(directory: string, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const path = `${directory}/${name}`;
    const isModel = await Deno.stat(`${path}/config.json`).then(({ isFile }) => isFile)
      .catch(() => false);
    if (isModel) found.push(path);
  }
  return found;
}

function otherWeights(names: readonly string[]): string[] {
  return names.filter((name) => !NO_WEIGHTS.test(name)).flatMap((name) => {
    const [, what] = OTHER_FORMATS.find(([pattern]) => pattern.test(name)) ?? [];
    return what === undefined ? [] : [`${name} (${what})`];
  });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown}, …` : shown;
}

/** The names in a directory, in order; of very many, the first that there are. */
async function namesIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(directory)) {
      names.push(name);
      if (names.length === MAX_NAMES) break;
    }
  } catch (error) {
    throw unreadable(directory, error);
  }
  return names.sort();
}
