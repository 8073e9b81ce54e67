/**
 * Finds tokens in a text that were added to the vocabulary, before anything else is done to it.
 *
 * Source: https://github.com/huggingface/tokenizers, tokenizer/added_vocabulary.rs
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { AddedToken } from "./components.ts";
import { SPACES, WORD_CHARACTERS } from "./unicode.ts";

/** An added token and its id. */
export interface NumberedToken extends AddedToken {
  /** Its id. */
  readonly id: number;
  /** Whether it is passed over where it is found, and stays text. Default: false. */
  readonly ignored?: boolean;
}

/** A part of a text: a token that was found, or what is between two such. */
export interface Part {
  /** The text. */
  readonly text: string;
  /** The token's id; undefined for what is between tokens. */
  readonly id: number | undefined;
  /** Where it begins. */
  readonly start: number;
}

/** Where tokens that share a beginning go on: by the next UTF-16 unit. */
interface Node {
  readonly next: Map<number, Node>;
  token?: NumberedToken;
}

const SPACE = new RegExp(`[${SPACES}]`);
const STARTS_WITH_WORD = new RegExp(`^[${WORD_CHARACTERS}]`, "u");

/** Finds tokens, the leftmost first, of several at one place the longest. */
export class TokenFinder {
  #root: Node = { next: new Map() };
  #isEmpty = true;

  /**
   * Adds a token.
   *
   * @param text As what it is looked for.
   * @returns false if another one is looked for as the same text.
   */
  add(text: string, token: NumberedToken): boolean {
    let node = this.#root;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      let next = node.next.get(unit);
      if (next === undefined) node.next.set(unit, next = { next: new Map() });
      node = next;
    }
    if (node.token !== undefined) return false;
    node.token = token;
    this.#isEmpty = false;
    return true;
  }

  /**
   * The parts of a text, none of them empty but that of an empty text.
   *
   * @throws {InputError} If a token's white space went to the one before it, beyond its end.
   */
  split(text: string): Part[] {
    if (this.#isEmpty || text === "") return [{ text, id: undefined, start: 0 }];
    const parts: Part[] = [];
    let done = 0;
    let spaceEnd = 0; // of the white space that was looked at last
    for (let at = 0; at < text.length;) {
      const match = this.#matchAt(text, at);
      if (match === undefined) {
        at++;
        continue;
      }
      const { token } = match;
      let start = at;
      let end = at = match.end;
      if (token.ignored) continue;
      if (token.single_word && !standsAlone(text, start, end)) continue;
      if (token.lstrip) {
        while (start > done && SPACE.test(text[start - 1]!)) start--;
        start = Math.max(start, done);
      }
      if (token.rstrip) {
        if (spaceEnd < end) spaceEnd = end;
        while (spaceEnd < text.length && SPACE.test(text[spaceEnd]!)) spaceEnd++;
        end = spaceEnd;
      }
      if (done < start) parts.push({ text: text.slice(done, start), id: undefined, start: done });
      if (start > end) throw new InputError(overlap(token));
      // White space that went to the token before may have been all of this one: it is dropped then.
      if (start < end) parts.push({ text: text.slice(start, end), id: token.id, start });
      done = end;
    }
    if (done < text.length) parts.push({ text: text.slice(done), id: undefined, start: done });
    return parts;
  }

  /** The longest token that begins at a place, and where it ends. */
  #matchAt(text: string, start: number): { token: NumberedToken; end: number } | undefined {
    let longest: { token: NumberedToken; end: number } | undefined;
    let node = this.#root.next.get(text.charCodeAt(start));
    for (let end = start + 1; node !== undefined; end++) {
      if (node.token !== undefined) longest = { token: node.token, end };
      node = end < text.length ? node.next.get(text.charCodeAt(end)) : undefined;
    }
    return longest;
  }
}

/** Where Hugging Face's library gives up, too. */
function overlap({ content }: NumberedToken): string {
  return `the added token ${
    JSON.stringify(content)
  } lies in white space that the one before it takes`;
}

/** Whether no letter, digit or the like is next to a part of a text. */
function standsAlone(text: string, start: number, end: number): boolean {
  const low = start > 0 ? text.charCodeAt(start - 1) : 0;
  const before = start - (low >= 0xdc00 && low <= 0xdfff ? 2 : 1); // of a pair, both halves
  return !STARTS_WITH_WORD.test(text.slice(Math.max(before, 0), start)) &&
    !STARTS_WITH_WORD.test(text.slice(end, end + 2));
}
