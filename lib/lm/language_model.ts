/**
 * A language model in its Hugging Face directory: opened, checked, nothing computed yet.
 *
 * @module
 */
import { InputError, UsageError } from "../base/errors.ts";
import { SteadyFile } from "../files/steady_file.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { readDecoder } from "./architectures/mod.ts";
import type { Decoder, DecoderConfig } from "./decoder.ts";
import { checkSite, weightShapes } from "./decoder_depth.ts";
import { findModelDirectory } from "./model_directory.ts";
import { rejectAdapterBesides } from "./no_weights.ts";
import { loadTokenizer, type Tokenizer } from "./tokenizer.ts";
import { findTokenizerFiles } from "./tokenizer/read_files.ts";
import { finalNormText } from "./layer_convention.ts";
import type { Site } from "./site.ts";
import { checkWeightShapes, findWeights, type ModelWeights, nameWeights } from "./weights.ts";

/** A model without its tokenizer, for prompts that are token ids. */
export interface DecoderModel {
  /** The directory with its files. */
  readonly directory: string;
  /** Its sizes. */
  readonly config: DecoderConfig;
  /** What it is made of. */
  readonly decoder: Decoder;
  /** Where its weights lie. */
  readonly weights: ModelWeights;
  /** Every file that it was read from, the weights last. */
  readonly files: readonly SteadyFile[];
}

/** A language model ready to be run. */
export interface LanguageModel extends DecoderModel {
  /** Its tokenizer. */
  readonly tokenizer: Tokenizer;
}

/**
 * Opens a model as `save_pretrained` writes it. No weight is read.
 *
 * @param named Its directory, or the root of the model in Hugging Face's cache.
 * @param observer Told which snapshot of a cache is used.
 * @throws {InputError} If a file is missing or damaged, or the model is of an architecture
 * that is not known.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openLanguageModel } from "@coact/coact";
 *
 * const { config, tokenizer } = await openLanguageModel("demo/lm");
 * assert.equal(config.n_layer, 12);
 * console.log(tokenizer.encode("When was Ada Lovelace born?"));
 * ```
 */
export async function openLanguageModel(
  named: string,
  observer: Observer = SILENT,
): Promise<LanguageModel> {
  const directory = await openDirectory(named, observer);
  const model = await openDecoder(directory, () => findTokenizerFiles(directory));
  return { ...model, tokenizer: await loadTokenizer(directory) };
}

/**
 * Opens a model for prompts that are token ids: its tokenizer need not be there.
 *
 * @throws {InputError} As {@linkcode openLanguageModel} does.
 */
export async function openDecoderModel(
  named: string,
  observer: Observer = SILENT,
): Promise<DecoderModel> {
  const directory = await openDirectory(named, observer);
  return await openDecoder(directory);
}

async function openDirectory(named: string, observer: Observer): Promise<string> {
  const { path, note } = await findModelDirectory(named);
  if (note !== undefined) observer.note(note);
  return path;
}

/**
 * What of a model is not its tokenizer.
 *
 * @param others Other files that are going to be read, which are seen before that.
 */
async function openDecoder(
  directory: string,
  others: () => Promise<string[]> = () => Promise.resolve([]),
): Promise<DecoderModel> {
  const file = await findWeights(directory);
  await rejectAdapterBesides(directory);
  const seen = await seeFiles([`${directory}/config.json`, ...await others()]);
  const decoder = await readDecoder(`${directory}/config.json`);
  const weights = nameWeights(file, decoder.prefix);
  return { directory, config: decoder.config, decoder, weights, files: [...seen, ...file.files] };
}

/** What says, besides the weights, what a model and its tokenizer are. */
async function seeFiles(paths: readonly string[]): Promise<SteadyFile[]> {
  const files: SteadyFile[] = [];
  for (const path of paths) files.push(await SteadyFile.see(path));
  return files;
}

/**
 * Makes sure that every weight is there, and of the right shape, that the sites need.
 *
 * @throws {InputError} Naming the first that is not.
 */
export function checkWeights({ decoder, weights }: DecoderModel, sites: readonly Site[]): void {
  checkWeightShapes(weights, weightShapes(decoder, sites));
}

/** Whether a model has a site, and its files the weights that it takes to compute it. */
export function canCompute(model: DecoderModel, site: Site): boolean {
  try {
    checkSite(model.decoder, site);
    checkWeights(model, [site]);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/**
 * Makes sure that the model has the layers.
 *
 * @throws {UsageError} If a layer is below 0 or above `n_layer`.
 */
export function checkLayers(
  { config, decoder, directory }: DecoderModel,
  layers: readonly number[],
): void {
  const beyond = layers.find((layer) => layer < 0 || layer > config.n_layer);
  if (beyond === undefined) return;
  throw new UsageError(
    `there is no layer ${beyond}; ${directory} has ${config.n_layer} blocks, thus ` +
      `layers 0 (the embeddings) to ${config.n_layer} (after the ${finalNormText(decoder)})`,
    { subject: { setting: "layers" } },
  );
}
