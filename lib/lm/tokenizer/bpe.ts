/**
 * Byte-pair encoding: a word becomes the tokens of its characters, and neighbours are merged, those
 * of the best rank first and of these the leftmost, until no two can be.
 *
 * Source: https://github.com/huggingface/tokenizers, models/bpe/model.rs and word.rs
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { UntrustedMap } from "../../files/untrusted_keys.ts";
import type { BpeOptions } from "./components.ts";
import { mergeAll, MERGED } from "./merge_all.ts";
import type { Merges } from "./merges.ts";
import { type SpannedText, spanOfByte } from "./spans.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Words that are remembered are no longer than this, in UTF-16 units … */
const MAX_REMEMBERED = 64;
/** … and no more than this. */
const MAX_WORDS = 2 ** 15;
/** What {@linkcode Bpe} knows of a character before it has looked. */
const NOT_LOOKED_UP = -2;

/** A token, and the bytes of the written text that it holds. */
export interface TokenSpan {
  /** Its id. */
  readonly id: number;
  /** Its first byte. */
  readonly start: number;
  /** The first byte behind it; `start` if it holds none. */
  readonly end: number;
}

/** What of a word a token stands for. */
interface Place {
  /** Where its first character begins, … */
  readonly first: number;
  /** … where its last one does, … */
  readonly last: number;
  /** … and which byte of that it is, if not all of it. */
  readonly byte?: number | undefined;
}

/** A byte-pair encoding, ready to encode words. */
export class Bpe {
  #vocabulary: Vocabulary;
  #merges: Merges;
  #options: BpeOptions;
  #unknown: number;
  #bytes: Int32Array; // ids of <0x00> to <0xFF>, -1 for none
  #characters = new Int32Array(2 ** 16).fill(NOT_LOOKED_UP);
  #known = new UntrustedMap<readonly number[]>();

  /**
   * Joins a vocabulary and merges.
   *
   * @param options What to do with unknown characters.
   */
  constructor(vocabulary: Vocabulary, merges: Merges, options: BpeOptions) {
    this.#vocabulary = vocabulary;
    this.#merges = merges;
    this.#options = options;
    this.#unknown = options.unk_token === null ? -1 : vocabulary.idOf(options.unk_token);
    this.#bytes = Int32Array.from({ length: 256 }, (_, byte) => {
      const code = byte.toString(16).toUpperCase().padStart(2, "0");
      return vocabulary.idOf(`<0x${code}>`);
    });
  }

  /**
   * The token ids of a word.
   *
   * @throws {InputError} If it has an unknown character, and the token for these is unknown, too.
   */
  encode(word: string): readonly number[] {
    if (word.length > MAX_REMEMBERED) return this.#encode(word);
    let ids = this.#known.get(word);
    if (ids === undefined) {
      ids = this.#encode(word);
      if (this.#known.size === MAX_WORDS) this.#known = new UntrustedMap();
      this.#known.set(word, ids);
    }
    return ids;
  }

  #encode(word: string): number[] {
    if (this.#options.ignore_merges) {
      const id = this.#vocabulary.idOf(word);
      if (id !== -1) return [id];
    }
    const ids = mergeAll(this.#symbolsOf(word), this.#merges);
    return ids.filter((id) => id !== MERGED);
  }

  /**
   * The tokens of a word, and where they come from. They are those of {@linkcode encode}.
   *
   * @throws {InputError} As it does.
   */
  encodeSpans(word: SpannedText): TokenSpan[] {
    const { text, spans: { starts, ends } } = word;
    const whole = this.#options.ignore_merges ? this.#vocabulary.idOf(text) : -1;
    if (whole !== -1) return [{ id: whole, start: starts[0]!, end: ends.at(-1)! }];
    const places: Place[] = [];
    const tokens: TokenSpan[] = [];
    mergeAll(this.#symbolsOf(text, places), this.#merges).forEach((id, i) => {
      const { first, last, byte } = places[i]!;
      const isPair = text.codePointAt(last)! > 0xffff;
      const [start, end] = byte === undefined
        ? [starts[first]!, ends[isPair ? last + 1 : last]!]
        : spanOfByte(word, last, byte);
      // what was merged goes with the token before
      if (id === MERGED) tokens.push({ ...tokens.pop()!, end });
      else tokens.push({ id, start, end });
    });
    return tokens;
  }

  /**
   * The tokens of a word's characters.
   *
   * @param places Gets the place of each.
   */
  #symbolsOf(word: string, places?: Place[]): number[] {
    const { unk_token, fuse_unk, byte_fallback } = this.#options;
    const ids: number[] = [];
    let waiting = false; // an unknown token; bytes go before it, as in the library
    let unknown: Place = { first: 0, last: 0 };
    let next = 0;
    const push = (id: number, place: Place) => {
      ids.push(id);
      places?.push(place);
    };
    for (const character of word) {
      const at = next;
      next += character.length;
      const id = this.#idOf(character);
      if (id !== -1) {
        if (waiting) push(this.#unknown, unknown);
        waiting = false;
        push(id, { first: at, last: at });
        continue;
      }
      const bytes = byte_fallback ? this.#bytesOf(character) : undefined;
      if (bytes !== undefined) {
        bytes.forEach((id, byte) => push(id, { first: at, last: at, byte }));
      } else if (unk_token !== null) {
        if (this.#unknown === -1) {
          throw new InputError(`unk_token ${JSON.stringify(unk_token)} is not in the vocabulary`);
        }
        if (waiting && !fuse_unk) push(this.#unknown, unknown);
        unknown = { first: waiting && fuse_unk ? unknown.first : at, last: at };
        waiting = true;
      }
    }
    if (waiting) push(this.#unknown, unknown);
    return ids;
  }

  #idOf(character: string): number {
    if (character.length > 1) return this.#vocabulary.idOf(character);
    const code = character.charCodeAt(0);
    const known = this.#characters[code]!;
    if (known !== NOT_LOOKED_UP) return known;
    return this.#characters[code] = this.#vocabulary.idOf(character);
  }

  /** The tokens of a character's bytes; undefined if one of them has none. */
  #bytesOf(character: string): number[] | undefined {
    const ids = Array.from(new TextEncoder().encode(character), (byte) => this.#bytes[byte]!);
    return ids.includes(-1) ? undefined : ids;
  }
}
