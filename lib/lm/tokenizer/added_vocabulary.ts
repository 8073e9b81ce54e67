/**
 * Tokens that were added to a vocabulary, with their ids. What a file says is their id is not asked,
 * as in the library: it is that of the vocabulary, or the next one that is free.
 *
 * Source: https://github.com/huggingface/tokenizers, tokenizer/added_vocabulary.rs
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { UntrustedMap, UntrustedSet } from "../../files/untrusted_keys.ts";
import { type NumberedToken, TokenFinder } from "./added_tokens.ts";
import type { AddedToken } from "./components.ts";
import type { Normalizer } from "./normalizer.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Finds added tokens in a text as it is written, and in one that is normalized. */
export interface TokenFinders {
  /** For the text as it is written. */
  readonly raw: TokenFinder;
  /** For the normalized text. */
  readonly normalized: TokenFinder;
}

/** A vocabulary with the tokens that were added to it. */
export class AddedVocabulary {
  #vocabulary: Vocabulary;
  #byContent = new UntrustedMap<NumberedToken>();
  #byId = new Map<number, NumberedToken>();
  #special = new UntrustedSet();

  /** Nothing is added at first. */
  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /** The added token of a text, undefined if there is none. */
  get(content: string): NumberedToken | undefined {
    return this.#byContent.get(content);
  }

  /** The id of a token, added or not; -1 if there is none. */
  idOf(content: string): number {
    return this.#byContent.get(content)?.id ?? this.#vocabulary.idOf(content);
  }

  /** The token of an id, added or not; undefined if there is none. */
  tokenOf(id: number): string | undefined {
    return this.#byId.get(id)?.content ?? this.#vocabulary.tokenOf(id);
  }

  /** Adds tokens together; one that is there already is replaced. Empty ones are left out. */
  add(tokens: readonly AddedToken[]): void {
    const { size } = this.#vocabulary;
    let next = size;
    for (const id of this.#byId.keys()) next = Math.max(next, id + 1);
    for (const token of tokens) {
      if (token.content === "") continue;
      const known = this.idOf(token.content);
      const numbered = { ...token, id: known === -1 ? next++ : known };
      this.#byContent.set(token.content, numbered);
      this.#byId.set(numbered.id, numbered);
      if (token.special) this.#special.add(token.content);
    }
  }

  /**
   * Makes what finds the tokens in a text.
   *
   * @param withSpecial Whether special tokens are looked for, too.
   * @param where The file, for messages.
   * @throws {InputError} If two are the same once they are normalized, or one is nothing.
   */
  finders(normalize: Normalizer, withSpecial: boolean, where: string): TokenFinders {
    const finders = { raw: new TokenFinder(), normalized: new TokenFinder() };
    for (const token of this.#byId.values()) {
      const text = token.normalized ? normalize(token.content) : token.content;
      const ignored = !withSpecial && this.#special.has(token.content);
      const finder = token.normalized ? finders.normalized : finders.raw;
      if (text !== "" && finder.add(text, { ...token, ignored })) continue;
      throw new InputError(
        `${where}: the added token ${JSON.stringify(token.content)} is ` +
          `${text === "" ? "nothing" : "the same as another one"} once it is normalized`,
      );
    }
    return finders;
  }
}
