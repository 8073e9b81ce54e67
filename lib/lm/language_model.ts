/**
 * A language model in its Hugging Face directory: opened, checked, nothing computed yet.
 *
 * @module
 */
import { placeWeight } from "../compute/ort_session.ts";
import { InputError, UsageError } from "../errors.ts";
import type { Question } from "../questions.ts";
import { type Gpt2Config, readGpt2Config } from "./gpt2_config.ts";
import { loadTokenizer, promptOf, type Tokenizer } from "./tokenizer.ts";
import type { StoredTensor } from "../tensors/stored_tensor.ts";
import { buildGpt2Graph } from "./gpt2_graph.ts";
import { findWeights, type WeightFile } from "./weights.ts";

/** A GPT-2 ready to be run. */
export interface LanguageModel {
  /** Its directory. */
  readonly directory: string;
  /** Its shape. */
  readonly config: Gpt2Config;
  /** Its tokenizer. */
  readonly tokenizer: Tokenizer;
  /** Where its weights lie. */
  readonly weights: WeightFile;
}

/**
 * Opens a model as `save_pretrained` writes it. No weight is read.
 *
 * @throws {InputError} If a file is missing or damaged, or the model is no GPT-2.
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
export async function openLanguageModel(directory: string): Promise<LanguageModel> {
  const weights = await findWeights(directory);
  const config = await readGpt2Config(`${directory}/config.json`);
  const tokenizer = await loadTokenizer(directory);
  return { directory, config, tokenizer, weights };
}

/**
 * Tokenises the prompts of questions.
 *
 * @param file The question file, for messages.
 * @returns The token ids of each prompt.
 * @throws {InputError} If a prompt is longer than the model's positions, or the tokenizer gives a
 * token that the model does not have; the line of the question is named.
 */
export function tokenizeQuestions(
  { config, tokenizer, directory }: LanguageModel,
  questions: readonly Question[],
  file: string,
): number[][] {
  return questions.map(({ line, text }) => {
    const ids = tokenizer.encode(promptOf(text));
    if (ids.length > config.n_positions) {
      throw new InputError(
        `${file}:${line}: the question makes a prompt of ${ids.length} tokens; the model ` +
          `${directory} takes at most ${config.n_positions}`,
      );
    }
    const unknown = ids.find((id) => !(id < config.vocab_size));
    if (ids.length === 0 || unknown !== undefined) {
      throw new InputError(
        `${file}:${line}: the question makes token ${unknown}, but the model ${directory} has ` +
          `${config.vocab_size}: its tokenizer.json belongs to another model`,
      );
    }
    return ids;
  });
}

/**
 * Makes sure that every weight is there, and of the right shape, that the layers need.
 *
 * @throws {InputError} Naming the first that is not.
 */
export function checkWeights(
  { config, weights }: LanguageModel,
  layers: readonly number[],
): void {
  const place = (tensor: StoredTensor) => placeWeight("cpu", weights.realPath, tensor);
  buildGpt2Graph({ config, weights, layers, place });
}

/**
 * Makes sure that the model has the layers.
 *
 * @throws {UsageError} If a layer is below 0 or above `n_layer`.
 */
export function checkLayers({ config, directory }: LanguageModel, layers: readonly number[]): void {
  const beyond = layers.find((layer) => layer < 0 || layer > config.n_layer);
  if (beyond === undefined) return;
  throw new UsageError(
    `there is no layer ${beyond}; ${directory} has ${config.n_layer} blocks, thus ` +
      `layers 0 (the embeddings) to ${config.n_layer} (after the final LayerNorm)`,
    { subject: { setting: "layers" } },
  );
}
