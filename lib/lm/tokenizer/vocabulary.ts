/**
 * Which token has which id: a hash table over UTF-8 bytes, in arrays of numbers, so that a quarter of
 * a million tokens take a few megabytes. The hash is keyed, so that no file can choose tokens that
 * all meet in one place.
 *
 * Source of the hash: HalfSipHash-1-3, https://eprint.iacr.org/2012/351
 *
 * @module
 */

/** The key of the hash, drawn once a process. */
const [K0, K1] = crypto.getRandomValues(new Int32Array(2)) as unknown as [number, number];
const encoder = new TextEncoder();

/** Token ids by token. */
export class Vocabulary {
  /** How many tokens there are. */
  size = 0;
  #bytes = new Uint8Array(2 ** 16); // of all tokens, one behind the other
  #ends = new Int32Array(2 ** 12); // where each ends there
  #ids = new Int32Array(2 ** 12);
  #hashes = new Int32Array(2 ** 12);
  #slots = new Int32Array(2 ** 13); // by hash: the number of a token, from 1; 0 for none
  #scratch = new Uint8Array(256);

  /**
   * Adds a token.
   *
   * @param bytes Where its bytes are, from `start` up to but not including `end`.
   * @returns false if it is there already, and stays as it is.
   */
  add(bytes: Uint8Array, start: number, end: number, id: number): boolean {
    const hash = keyedHash(bytes, start, end);
    const slot = this.#find(bytes, start, end, hash);
    if (this.#slots[slot] !== 0) return false;
    const filled = this.size === 0 ? 0 : this.#ends[this.size - 1]!;
    this.#bytes = withRoom(this.#bytes, filled + end - start);
    this.#ends = withRoom(this.#ends, this.size + 1);
    this.#ids = withRoom(this.#ids, this.size + 1);
    this.#hashes = withRoom(this.#hashes, this.size + 1);
    for (let i = start; i < end; i++) this.#bytes[filled + i - start] = bytes[i]!;
    this.#ends[this.size] = filled + end - start;
    this.#ids[this.size] = id;
    this.#hashes[this.size] = hash;
    this.#slots[slot] = ++this.size;
    if (this.size * 2 > this.#slots.length) this.#grow();
    return true;
  }

  /** The id of the token whose UTF-8 bytes are given; -1 if there is none. */
  idOfBytes(bytes: Uint8Array, start: number, end: number): number {
    const token = this.#slots[this.#find(bytes, start, end, keyedHash(bytes, start, end))]!;
    return token === 0 ? -1 : this.#ids[token - 1]!;
  }

  /** The id of a token; -1 if there is none. */
  idOf(token: string): number {
    if (token.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(token.length * 6);
    const { written } = encoder.encodeInto(token, this.#scratch);
    return this.idOfBytes(this.#scratch, 0, written);
  }

  /** The slot of a token, or the free one where it belongs. */
  #find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const token = this.#slots[slot]!;
      if (token === 0) return slot;
      if (this.#hashes[token - 1] === hash && this.#isToken(token - 1, bytes, start, end)) {
        return slot;
      }
    }
  }

  #isToken(token: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = token === 0 ? 0 : this.#ends[token - 1]!;
    if (this.#ends[token]! - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.#bytes[from + i - start] !== bytes[i]) return false;
    return true;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let token = 0; token < this.size; token++) {
      let slot = this.#hashes[token]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = token + 1;
    }
    this.#slots = slots;
  }
}

function withRoom<T extends Uint8Array | Int32Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(2 * length, 256));
  larger.set(array);
  return larger;
}

function keyedHash(bytes: Uint8Array, start: number, end: number): number {
  let [v0, v1, v2, v3] = [K0, K1, K0 ^ 0x6c796765, K1 ^ 0x74656462];
  const last = (end - start) >> 2;
  // Each word, the last with what remains and the length, and three rounds that mix them all.
  for (let i = 0; i < last + 4; i++) {
    const at = start + 4 * i;
    let word = 0;
    if (i < last) {
      word = bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
    } else if (i === last) {
      word = (end - start) << 24;
      for (let j = at; j < end; j++) word |= bytes[j]! << 8 * (j - at);
    } else if (i === last + 1) {
      v2 ^= 0xff;
    }
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v2 = (v2 + v3) | 0;
    v1 = (v1 << 5 | v1 >>> 27) ^ v0;
    v3 = (v3 << 8 | v3 >>> 24) ^ v2;
    v0 = v0 << 16 | v0 >>> 16;
    v2 = (v2 + v1) | 0;
    v0 = (v0 + v3) | 0;
    v1 = (v1 << 13 | v1 >>> 19) ^ v2;
    v3 = (v3 << 7 | v3 >>> 25) ^ v0;
    v2 = v2 << 16 | v2 >>> 16;
    v0 ^= word;
  }
  return v1 ^ v3;
}
