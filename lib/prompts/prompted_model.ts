/**
 * A language model as prompts need it: with its tokenizer, unless they are token ids.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import { type DecoderModel, openDecoderModel, openLanguageModel } from "../lm/language_model.ts";
import type { PromptSettings } from "./prompt_settings.ts";
import type { Tokenizer } from "../lm/tokenizer.ts";

/** A model, and its tokenizer where prompts are texts. */
export interface PromptedModel extends DecoderModel {
  /** Its tokenizer; undefined where prompts are token ids. */
  readonly tokenizer?: Tokenizer | undefined;
}

/**
 * Opens a model for prompts; its tokenizer need not be there where they are token ids.
 *
 * @param settings How the prompts are made. Default: of texts.
 * @throws {InputError} If a file is missing or damaged, or the model is of an architecture that is not
 * known.
 */
export async function openPromptedModel(
  lmModel: string,
  settings: Pick<PromptSettings, "idsField"> | undefined,
  observer: Observer,
): Promise<PromptedModel> {
  return settings?.idsField === undefined
    ? await openLanguageModel(lmModel, observer)
    : await openDecoderModel(lmModel, observer);
}
