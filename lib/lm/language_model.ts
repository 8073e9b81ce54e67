/**
 * A language model in its Hugging Face directory: opened, checked, nothing computed yet.
 *
 * @module
 */
import { InputError, UsageError } from "../base/errors.ts";
import { SteadyFile } from "../files/steady_file.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { promptOf } from "../questions/prompt.ts";
import type { Question } from "../questions/question_file.ts";
import { readDecoder } from "./architectures/mod.ts";
import type { Decoder, DecoderConfig } from "./decoder.ts";
import { weightShapes } from "./decoder_depth.ts";
import { findModelDirectory } from "./model_directory.ts";
import { rejectAdapterBesides } from "./no_weights.ts";
import { findTokenizerFiles, loadTokenizer, type Tokenizer } from "./tokenizer.ts";
import { finalNormText } from "./layer_convention.ts";
import type { Site } from "./site.ts";
import { checkWeightShapes, findWeights, type ModelWeights, nameWeights } from "./weights.ts";

/** A language model ready to be run. */
export interface LanguageModel {
  /** The directory with its files. */
  readonly directory: string;
  /** Its sizes. */
  readonly config: DecoderConfig;
  /** What it is made of. */
  readonly decoder: Decoder;
  /** Its tokenizer. */
  readonly tokenizer: Tokenizer;
  /** Where its weights lie. */
  readonly weights: ModelWeights;
  /** Every file that it was read from, the weights last. */
  readonly files: readonly SteadyFile[];
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
  const { path: directory, note } = await findModelDirectory(named);
  if (note !== undefined) observer.note(note);
  const file = await findWeights(directory);
  await rejectAdapterBesides(directory);
  const descriptions = await seeDescriptions(directory); // before they are read
  const decoder = await readDecoder(`${directory}/config.json`);
  const weights = nameWeights(file, decoder.prefix);
  const tokenizer = await loadTokenizer(directory);
  const files = [...descriptions, ...file.files];
  return { directory, config: decoder.config, decoder, tokenizer, weights, files };
}

/** What says, besides the weights, what a model and its tokenizer are. */
async function seeDescriptions(directory: string): Promise<SteadyFile[]> {
  const paths = [`${directory}/config.json`, ...await findTokenizerFiles(directory)];
  const files: SteadyFile[] = [];
  for (const path of paths) files.push(await SteadyFile.see(path));
  return files;
}

/**
 * Tokenises the prompts of questions.
 *
 * @param file The question file, for messages.
 * @returns The token ids of each prompt.
 * @throws {InputError} If a prompt cannot be encoded, makes no token, is longer than the model's
 * positions, or the tokenizer gives a token that the model does not have; the line of the question is
 * named.
 */
export function tokenizeQuestions(
  { config, tokenizer, directory }: LanguageModel,
  questions: readonly Question[],
  file: string,
): number[][] {
  return questions.map(({ line, text }) => {
    const ids = encodeLine(tokenizer, promptOf(text), `${file}:${line}`);
    if (ids.length === 0) {
      throw new InputError(
        `${file}:${line}: the question makes a prompt of no tokens: the tokenizer of ${directory} ` +
          "has none for any of its characters",
      );
    }
    if (ids.length > config.n_positions) {
      throw new InputError(
        `${file}:${line}: the question makes a prompt of ${ids.length} tokens; the model ` +
          `${directory} takes at most ${config.n_positions}`,
      );
    }
    const unknown = ids.find((id) => !(id < config.vocab_size));
    if (unknown !== undefined) {
      throw new InputError(
        `${file}:${line}: the question makes token ${unknown}, but the model ${directory} has ` +
          `${config.vocab_size}: its tokenizer belongs to another model`,
      );
    }
    return ids;
  });
}

/** Encodes a prompt; what is wrong with it is said with its line. */
function encodeLine(tokenizer: Tokenizer, prompt: string, where: string): number[] {
  try {
    return tokenizer.encode(prompt);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${where}: ${error.message}`) : error;
  }
}

/**
 * Makes sure that every weight is there, and of the right shape, that the sites need.
 *
 * @throws {InputError} Naming the first that is not.
 */
export function checkWeights({ decoder, weights }: LanguageModel, sites: readonly Site[]): void {
  checkWeightShapes(weights, weightShapes(decoder, sites));
}

/**
 * Makes sure that the model has the layers.
 *
 * @throws {UsageError} If a layer is below 0 or above `n_layer`.
 */
export function checkLayers(
  { config, decoder, directory }: LanguageModel,
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
