/**
 * What a tokenizer is made of, as `tokenizer.json` says it and {@linkcode checkDefinition} checks it.
 *
 * Source: https://huggingface.co/docs/tokenizers/api/normalizers and its neighbours
 *
 * @module
 */

/** A text, or a regular expression that is known, to look for. */
export type Pattern = { String: string } | { Regex: string };

/** One change of the text before it is split. */
export type NormalizerStep =
  | { type: "NFC" | "NFD" | "NFKC" | "NFKD" }
  | { type: "Lowercase" }
  | { type: "ByteLevel" }
  | { type: "Prepend"; prepend: string }
  | { type: "Replace"; pattern: Pattern; content: string }
  | { type: "Strip"; strip_left: boolean; strip_right: boolean };

/** What becomes of the matches of a pattern that a text is split by. */
export type SplitBehavior =
  | "Removed"
  | "Isolated"
  | "MergedWithPrevious"
  | "MergedWithNext"
  | "Contiguous";

/** Spaces become a visible character, one goes before the text, and words begin with it. */
export interface Metaspace {
  /** Its name. */
  type: "Metaspace";
  /** The visible character. */
  replacement: string;
  /** false for never, in older files. */
  add_prefix_space?: boolean | undefined;
  /** Before what the character is put if it is not there: the text, every part of it, or nothing. */
  prepend_scheme?: "first" | "never" | "always" | undefined;
  /** Whether words are split. */
  split: boolean;
}

/** One way of splitting the text into words. */
export type PreTokenizerStep =
  | { type: "ByteLevel"; add_prefix_space: boolean; use_regex: boolean }
  | { type: "Split"; pattern: Pattern; behavior: SplitBehavior; invert: boolean }
  | Metaspace
  | { type: "Digits"; individual_digits: boolean }
  | { type: "WhitespaceSplit" };

/** A token in a template, or the text that goes there. */
export type TemplatePiece = { SpecialToken: { id: string } } | { Sequence: { id: "A" | "B" } };

/** One way of adding tokens around those of the text. */
export type PostProcessorStep =
  | { type: "ByteLevel" }
  | {
    type: "TemplateProcessing";
    single: TemplatePiece[];
    special_tokens: Record<string, { ids: number[] }>;
  }
  | {
    type: "BertProcessing" | "RobertaProcessing";
    sep: [string, number];
    cls: [string, number];
  };

/** What a byte-pair encoding does with what its vocabulary lacks, and with what it has whole. */
export interface BpeOptions {
  /** The token for a character without one; null leaves such characters out. */
  readonly unk_token: string | null;
  /** Whether neighbouring characters without a token become one `unk_token`. */
  readonly fuse_unk: boolean;
  /** Whether such a character becomes the tokens `<0x00>` to `<0xFF>` of its bytes, if all exist. */
  readonly byte_fallback: boolean;
  /** Whether a word that is a token is that token, whatever the merges would make. */
  readonly ignore_merges: boolean;
}

/** A token that is looked for in the text before anything else. */
export interface AddedToken {
  /** Its text. */
  readonly content: string;
  /** Whether it counts only where no letter or digit is next to it. */
  readonly single_word: boolean;
  /** Whether white space before it belongs to it. */
  readonly lstrip: boolean;
  /** Whether white space behind it belongs to it. */
  readonly rstrip: boolean;
  /** Whether it is looked for in the normalized text. */
  readonly normalized: boolean;
  /** Whether it is a sign to the model, and no text. */
  readonly special: boolean;
}

/** A tokenizer but for its vocabulary and merges. */
export interface TokenizerDefinition {
  /** How the model treats what its vocabulary lacks. */
  readonly model: BpeOptions;
  /** What is done to the text first. */
  readonly normalizer: readonly NormalizerStep[];
  /** How the text is split into words. */
  readonly pre_tokenizer: readonly PreTokenizerStep[];
  /** Whether the splitting is one step, not a sequence: only then does an option change it. */
  readonly splits_in_one_step: boolean;
  /** Tokens that are looked for before anything else. */
  readonly added_tokens: readonly AddedToken[];
  /** What is added to the tokens of the text. */
  readonly post_processor: readonly PostProcessorStep[];
}
