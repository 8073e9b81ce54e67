/**
 * The stages of a tokenizer one behind the other: added tokens are found, what is between them is
 * normalized, split into words and encoded, and special tokens go around it.
 *
 * Source: https://github.com/huggingface/tokenizers, tokenizer/mod.rs
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TokenFinders } from "./added_vocabulary.ts";
import type { Bpe } from "./bpe.ts";
import type { Normalizer } from "./normalizer.ts";
import type { Surroundings } from "./post_processor.ts";
import type { PreTokenizer } from "./pre_tokenizer.ts";

/** Turns text into token ids. */
export interface Tokenizer {
  /**
   * The token ids of a text, those of Hugging Face's `tokenizer(text)`: with the special tokens that
   * it adds, and nothing cut off or filled up.
   *
   * @throws {InputError} If the text has half of a surrogate pair, or a character without a token
   * where the one for such is missing, too.
   */
  encode(text: string): number[];
}

/** The stages. */
export interface Stages {
  /** What finds added tokens. */
  readonly finders: TokenFinders;
  /** What changes the text between them. */
  readonly normalize: Normalizer;
  /** What splits it into words. */
  readonly preTokenize: PreTokenizer;
  /** What encodes a word. */
  readonly model: Bpe;
  /** What goes around the whole. */
  readonly surroundings: Surroundings;
}

/** One tokenizer out of its stages. */
export function makePipeline({ finders, surroundings, ...stages }: Stages): Tokenizer {
  return {
    encode(text) {
      if (!text.isWellFormed()) {
        throw new InputError("the text has half of a surrogate pair, which is no character");
      }
      const ids = [...surroundings.before];
      for (const { text: raw, id, start } of finders.raw.split(text)) {
        if (id !== undefined) ids.push(id);
        else encodeRaw(raw, start === 0, ids, { finders, ...stages });
      }
      ids.push(...surroundings.after);
      return ids;
    },
  };
}

/** Encodes what is between two added tokens, the tokens of the normalized text aside. */
function encodeRaw(
  raw: string,
  isFirst: boolean,
  ids: number[],
  { finders, normalize, preTokenize, model }: Omit<Stages, "surroundings">,
): void {
  for (const { text, id, start } of finders.normalized.split(normalize(raw))) {
    if (id !== undefined) {
      ids.push(id);
    } else if (text !== "") {
      for (const word of preTokenize({ text, isFirst: isFirst && start === 0 })) {
        for (const id of model.encode(word.text)) ids.push(id);
      }
    }
  }
}
