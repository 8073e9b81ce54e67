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
import type { Merges } from "./merges.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Words that are remembered are no longer than this, in UTF-16 units … */
const MAX_REMEMBERED = 64;
/** … and no more than this. */
const MAX_WORDS = 2 ** 15;
/** Of a place in the queue, this times the rank, and the position, make one number. */
const POSITIONS = 2 ** 28;
/** What {@linkcode Bpe} knows of a character before it has looked. */
const NOT_LOOKED_UP = -2;

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
    return mergeAll(this.#symbolsOf(word), this.#merges);
  }

  /** The tokens of a word's characters. */
  #symbolsOf(word: string): number[] {
    const { unk_token, fuse_unk, byte_fallback } = this.#options;
    const ids: number[] = [];
    let waiting = false; // an unknown token; bytes go before it, as in the library
    for (const character of word) {
      const id = this.#idOf(character);
      if (id !== -1) {
        if (waiting) ids.push(this.#unknown);
        waiting = false;
        ids.push(id);
        continue;
      }
      const bytes = byte_fallback ? this.#bytesOf(character) : undefined;
      if (bytes !== undefined) {
        ids.push(...bytes);
      } else if (unk_token !== null) {
        if (this.#unknown === -1) {
          throw new InputError(`unk_token ${JSON.stringify(unk_token)} is not in the vocabulary`);
        }
        if (waiting && !fuse_unk) ids.push(this.#unknown);
        waiting = true;
      }
    }
    if (waiting) ids.push(this.#unknown);
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

/** Merges what can be merged; the ids are changed. The time is that of sorting them. */
function mergeAll(ids: number[], merges: Merges): number[] {
  const { length } = ids;
  const next = Int32Array.from({ length }, (_, i) => i + 1);
  const previous = Int32Array.from({ length }, (_, i) => i - 1);
  const queue = new Queue();
  const offer = (left: number) => {
    if (left < 0 || next[left]! >= length) return;
    const rank = merges.rankOf(ids[left]!, ids[next[left]!]!);
    if (rank !== -1) queue.push(rank * POSITIONS + left);
  };
  for (let i = 0; i < length - 1; i++) offer(i);
  while (queue.size > 0) {
    const best = queue.pop();
    const left = best % POSITIONS;
    const right = next[left]!;
    if (ids[left] === -1 || right >= length) continue; // merged into another meanwhile
    const result = merges.resultOf(Math.floor(best / POSITIONS));
    const rank = merges.rankOf(ids[left]!, ids[right]!);
    if (rank === -1 || merges.resultOf(rank) !== result) continue; // other neighbours meanwhile
    ids[left] = result;
    ids[right] = -1;
    next[left] = next[right]!;
    if (next[left]! < length) previous[next[left]!] = left;
    offer(previous[left]!);
    offer(left);
  }
  return ids.filter((id) => id !== -1);
}

/** Numbers, of which the smallest is taken first: a binary heap. */
class Queue {
  #heap: number[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(value: number): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(value);
    for (let above = (at - 1) >> 1; at > 0 && heap[above]! > value; above = (at - 1) >> 1) {
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = value;
  }

  pop(): number {
    const heap = this.#heap;
    const smallest = heap[0]!;
    const value = heap.pop()!;
    const { length } = heap;
    if (length === 0) return smallest;
    let at = 0;
    for (let below = 1; below < length; below = 2 * at + 1) {
      if (below + 1 < length && heap[below + 1]! < heap[below]!) below++;
      if (heap[below]! >= value) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = value;
    return smallest;
  }
}
