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
import type { Bpe, TokenSpan } from "./bpe.ts";
import type { Normalizer } from "./normalizer.ts";
import type { Surroundings } from "./post_processor.ts";
import type { Piece, PreTokenizer } from "./pre_tokenizer.ts";
import type { SpannedNormalizer } from "./spanned_normalizer.ts";
import { sliceSpans, type SpannedText, writtenText } from "./spans.ts";

/** A token that has a name, such as `bos_token`. */
export interface NamedToken {
  /** Its text. */
  readonly text: string;
  /** Its id. */
  readonly id: number;
}

/** What the transformers library does otherwise than `tokenizer.json` says. */
export interface Deviation {
  /** What, in words. */
  readonly what: string;
  /** Whether it may concern a text. */
  readonly concerns: (text: string) => boolean;
}

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
  /**
   * The same tokens, each with the bytes of the text as it is written that it holds. A token that is
   * added before the text ends where that begins, one behind it begins where that ends.
   *
   * @throws {InputError} As `encode` does.
   */
  encodeSpans(text: string): TokenSpan[];
  /** What it adds before a text and behind it. */
  readonly surroundings: Surroundings;
  /** The beginning token that its files name, whether it adds it or not; undefined if they name none. */
  readonly beginning: NamedToken | undefined;
  /** Where the transformers library makes other ids of a text, as its class reads only a part of the file. */
  readonly deviation?: Deviation | undefined;
  /** The text of a token as the vocabulary has it; undefined if there is none of that id. */
  tokenOf(id: number): string | undefined;
  /** The same tokenizer, with other tokens around a text. */
  surroundedBy(surroundings: Surroundings): Tokenizer;
}

/** The stages. */
export interface Stages {
  /** What finds added tokens. */
  readonly finders: TokenFinders;
  /** What changes the text between them. */
  readonly normalize: Normalizer;
  /** The same for a text that knows where it comes from. */
  readonly normalizeSpans: SpannedNormalizer;
  /** What splits it into words. */
  readonly preTokenize: PreTokenizer;
  /** What encodes a word. */
  readonly model: Bpe;
  /** What goes around the whole. */
  readonly surroundings: Surroundings;
  /** The beginning token. */
  readonly beginning: NamedToken | undefined;
  /** What the transformers library does otherwise. */
  readonly deviation?: Deviation | undefined;
  /** The text of a token. */
  readonly tokenOf: (id: number) => string | undefined;
}

/** One tokenizer out of its stages. */
export function makePipeline(stages: Stages): Tokenizer {
  const { finders, surroundings, beginning, deviation, tokenOf } = stages;
  return {
    surroundings,
    beginning,
    deviation,
    tokenOf,
    surroundedBy: (surroundings) => makePipeline({ ...stages, surroundings }),
    encode(text) {
      checkWellFormed(text);
      const ids = [...surroundings.before];
      for (const { text: raw, id, start } of finders.raw.split(text)) {
        if (id !== undefined) ids.push(id);
        else encodeRaw(raw, start === 0, ids, stages);
      }
      ids.push(...surroundings.after);
      return ids;
    },
    encodeSpans(text) {
      checkWellFormed(text);
      const whole = writtenText(text);
      const length = whole.spans.ends.at(-1) ?? 0;
      const tokens = surroundings.before.map((id) => ({ id, start: 0, end: 0 }));
      for (const { text: raw, id, start } of finders.raw.split(text)) {
        const part = partOf(whole, start, raw);
        if (id !== undefined) tokens.push(tokenOfAll(id, part));
        else encodeRawSpans(part, start === 0, tokens, stages);
      }
      tokens.push(...surroundings.after.map((id) => ({ id, start: length, end: length })));
      return tokens;
    },
  };
}

function checkWellFormed(text: string): void {
  if (text.isWellFormed()) return;
  throw new InputError("the text has half of a surrogate pair, which is no character");
}

/** Encodes what is between two added tokens, the tokens of the normalized text aside. */
function encodeRaw(
  raw: string,
  isFirst: boolean,
  ids: number[],
  { finders, normalize, preTokenize, model }: Stages,
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

/** The same, with the span of each token. */
function encodeRawSpans(
  raw: SpannedText,
  isFirst: boolean,
  tokens: TokenSpan[],
  { finders, normalizeSpans, preTokenize, model }: Stages,
): void {
  const normalized = normalizeSpans(raw);
  for (const { text, id, start } of finders.normalized.split(normalized.text)) {
    const part = partOf(normalized, start, text);
    if (id !== undefined) {
      tokens.push(tokenOfAll(id, part));
    } else if (text !== "") {
      for (const word of preTokenize({ ...part, isFirst: isFirst && start === 0 })) {
        tokens.push(...model.encodeSpans(spannedWord(word)));
      }
    }
  }
}

function partOf({ spans }: SpannedText, start: number, text: string): SpannedText {
  return { text, spans: sliceSpans(spans, start, start + text.length) };
}

/** A piece of a text that knows where it comes from, which it keeps through all splitting. */
function spannedWord({ text, spans }: Piece): SpannedText {
  return { text, spans: spans! };
}

function tokenOfAll(id: number, { spans: { starts, ends } }: SpannedText): TokenSpan {
  return { id, start: starts[0]!, end: ends.at(-1)! };
}
