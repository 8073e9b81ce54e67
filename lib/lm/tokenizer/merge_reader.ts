/**
 * Turns pairs of texts into merges of ids, many at a time.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { Merges } from "./merges.ts";
import { textOf, type Vocabulary } from "./vocabulary.ts";

const SPACE = 0x20;

/** How the first line of `merges.txt` begins; in a list of merges it is left out, too. */
const VERSION = new TextEncoder().encode("#version");

/** How many pairs are looked up together: see {@linkcode Vocabulary.idsOf}. */
const BLOCK = 256;

/** Turns pairs of texts into merges of ids. */
export class MergeReader {
  #merges: Merges;
  #vocabulary: Vocabulary;
  #where: (index: number) => string;
  #index = 0; // of the pair or line that comes next
  #bytes = new Uint8Array(BLOCK * 16); // of the texts that wait, one behind the other
  #bounds = new Int32Array(BLOCK * 2 + 1); // where each begins, and where the last ends
  #ids = new Int32Array(BLOCK * 2);
  #count = 0; // of texts

  /**
   * Begins with none.
   *
   * @param expected About how many there will be.
   * @param vocabulary The tokens.
   * @param where What to call a pair or line in messages, by its number from 0.
   */
  constructor(expected: number, vocabulary: Vocabulary, where: (index: number) => string) {
    this.#merges = new Merges(expected);
    this.#vocabulary = vocabulary;
    this.#where = where;
  }

  /**
   * Adds what a line says, if it is not the version.
   *
   * @throws {InputError} If it is no pair, or one before it is of or makes a token that is none.
   */
  addLine(bytes: Uint8Array, start: number, end: number): void {
    if (VERSION.every((byte, i) => bytes[start + i] === byte)) {
      this.#lookUp();
      this.#index++;
      return;
    }
    let space = start;
    while (space < end && bytes[space] !== SPACE) space++;
    if (space === start || space >= end - 1) throw this.noPair();
    for (let i = space + 1; i < end; i++) if (bytes[i] === SPACE) throw this.noPair();
    this.addText(bytes, start, space);
    this.addText(bytes, space + 1, end);
    this.endPair();
  }

  /** Adds one half of a pair. */
  addText(bytes: Uint8Array, start: number, end: number): void {
    const from = this.#bounds[this.#count]!;
    const filled = from + end - start;
    if (filled > this.#bytes.length) {
      const larger = new Uint8Array(2 * filled);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    const [texts, shift] = [this.#bytes, from - start];
    for (let i = start; i < end; i++) texts[i + shift] = bytes[i]!;
    this.#bounds[++this.#count] = filled;
  }

  /** A pair is there. @throws {InputError} If one is of or makes a token that is none. */
  endPair(): void {
    this.#index++;
    if (this.#count === 2 * BLOCK) this.#lookUp();
  }

  /** What is wrong with the pair or line that was to come, if those before it are right. */
  noPair(): InputError {
    this.#count -= this.#count % 2;
    this.#lookUp();
    return new InputError(`${this.#where(this.#index)} is no pair of tokens`);
  }

  /** All merges, when there are no more. @throws {InputError} As {@linkcode endPair}. */
  finish(): Merges {
    this.#lookUp();
    return this.#merges;
  }

  /** Adds the merges of the texts that wait. */
  #lookUp(): void {
    const [vocabulary, ids, bounds] = [this.#vocabulary, this.#ids, this.#bounds];
    vocabulary.idsOf(this.#bytes, bounds, this.#count, ids);
    for (let i = 0; i < this.#count; i += 2) {
      const [left, right] = [ids[i]!, ids[i + 1]!];
      const result = vocabulary.idOfNext(this.#bytes, bounds[i]!, bounds[i + 2]!);
      if (left === -1 || right === -1 || result === -1) throw this.#lacksToken(i, [left, right]);
      this.#merges.add(left, right, result);
    }
    this.#count = 0;
  }

  /** That one half of a pair, or both together, are no token. */
  #lacksToken(first: number, [left, right]: [number, number]): InputError {
    const from = left !== -1 && right === -1 ? first + 1 : first;
    const end = left === -1 ? first + 1 : first + 2;
    const token = textOf(this.#bytes, this.#bounds[from]!, this.#bounds[end]!);
    const where = this.#where(this.#index - (this.#count - first) / 2);
    return new InputError(
      `${where} needs a token ${JSON.stringify(token)}, which the vocabulary lacks`,
    );
  }
}
