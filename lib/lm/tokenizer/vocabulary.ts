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
const decoder = new TextDecoder();

/**
 * What a slot of the table holds: numbers that lie together, for a look costs what it fetches. Of a
 * short token the key is its bytes and their number; of a longer one its hash, and LONG.
 */
const [KEY, KEY_END, NUMBER, ID, SLOT_SIZE] = [0, 1, 2, 3, 4]; // the number from 1; 0 is a free slot
/** How many bytes a short token has at most. */
const MAX_SHORT = 7;
/** No short token's: the uppermost byte would be its length. */
const LONG = -1;

/** Token ids by token. */
export class Vocabulary {
  /** How many tokens there are. */
  size = 0;
  #bytes: Uint8Array; // of all tokens, one behind the other
  #starts: Int32Array; // where each begins, by the order in which they were added, and where the last ends
  #ids: Int32Array; // in that order
  #slots: Int32Array; // by hash
  #key = 0; // of the token that was looked for last, as its slot has it
  #keyEnd = 0;
  #scratch = new Uint8Array(256);
  #next = 0; // the token that was added behind the one that was found last
  #numberOfId: Map<number, number> | undefined; // made when it is asked for first

  /**
   * Begins with none.
   *
   * @param expected About how many tokens there will be. Default: few.
   */
  constructor(expected: number = 0) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(expected * 1.6, 2 ** 10)));
    this.#slots = new Int32Array(slots * SLOT_SIZE);
    this.#starts = new Int32Array(Math.max(expected, 2 ** 9));
    this.#ids = new Int32Array(this.#starts.length);
    this.#bytes = new Uint8Array(Math.max(expected * 8, 2 ** 12));
  }

  /**
   * Adds a token.
   *
   * @param bytes Where its bytes are, from `start` up to but not including `end`.
   * @returns false if it is there already, and stays as it is.
   */
  add(bytes: Uint8Array, start: number, end: number, id: number): boolean {
    const slot = this.#find(bytes, start, end);
    if (this.#slots[slot + NUMBER] !== 0) return false;
    this.#numberOfId = undefined;
    const from = this.#starts[this.size]!;
    const filled = from + end - start;
    if (filled > this.#bytes.length) this.#bytes = larger(this.#bytes, 2 * filled);
    for (let i = start; i < end; i++) this.#bytes[from + i - start] = bytes[i]!;
    this.#ids[this.size++] = id;
    if (this.size === this.#starts.length) {
      this.#starts = larger(this.#starts, 2 * this.size);
      this.#ids = larger(this.#ids, 2 * this.size);
    }
    this.#starts[this.size] = filled;
    this.#fill(slot, this.size);
    if (this.size * SLOT_SIZE > this.#slots.length * 0.75) this.#grow();
    return true;
  }

  /** The id of the token whose UTF-8 bytes are given; -1 if there is none. */
  idOfBytes(bytes: Uint8Array, start: number, end: number): number {
    const slot = this.#find(bytes, start, end);
    return this.#slots[slot + NUMBER] === 0 ? -1 : this.#slots[slot + ID]!;
  }

  /**
   * As {@linkcode idOfBytes}, faster where tokens are asked for in the order in which they were added.
   */
  idOfNext(bytes: Uint8Array, start: number, end: number): number {
    const next = this.#next;
    if (next < this.size && this.#isAt(next, bytes, start, end)) return this.#ids[this.#next++]!;
    const slot = this.#find(bytes, start, end);
    const number = this.#slots[slot + NUMBER]!;
    if (number === 0) return -1;
    this.#next = number;
    return this.#slots[slot + ID]!;
  }

  /** The id of a token; -1 if there is none. */
  idOf(token: string): number {
    if (token.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(token.length * 6);
    const { written } = encoder.encodeInto(token, this.#scratch);
    return this.idOfBytes(this.#scratch, 0, written);
  }

  /** The token of an id; undefined if there is none. */
  tokenOf(id: number): string | undefined {
    this.#numberOfId ??= new Map(
      this.#ids.subarray(0, this.size).entries().map(([i, id]) => [id, i]),
    );
    const number = this.#numberOfId.get(id);
    if (number === undefined) return undefined;
    return decoder.decode(this.#bytes.subarray(this.#starts[number], this.#starts[number + 1]));
  }

  /** Where the slot of a token begins, or the free one where it belongs. */
  #find(bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = keyedHash(bytes, start, end);
    const isShort = end - start <= MAX_SHORT;
    const key = this.#key = isShort ? wordOf(bytes, start, end) : hash;
    const keyEnd = this.#keyEnd = isShort
      ? wordOf(bytes, start + 4, end) | (end - start) << 24
      : LONG;
    for (let slot = hash * SLOT_SIZE & mask;; slot = (slot + SLOT_SIZE) & mask) {
      const number = slots[slot + NUMBER]!;
      if (number === 0) return slot;
      if (slots[slot + KEY] !== key || slots[slot + KEY_END] !== keyEnd) continue;
      if (isShort || this.#isAt(number - 1, bytes, start, end)) return slot;
    }
  }

  #isAt(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[number]!;
    if (this.#starts[number + 1]! - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.#bytes[from + i - start] !== bytes[i]) return false;
    return true;
  }

  /** Writes a token, the how many-th that was added, into the slot that was found for it last. */
  #fill(slot: number, number: number): void {
    this.#slots[slot + KEY] = this.#key;
    this.#slots[slot + KEY_END] = this.#keyEnd;
    this.#slots[slot + NUMBER] = number;
    this.#slots[slot + ID] = this.#ids[number - 1]!;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let number = 1; number <= this.size; number++) {
      const [start, end] = [this.#starts[number - 1]!, this.#starts[number]!];
      this.#fill(this.#find(this.#bytes, start, end), number);
    }
  }
}

/** Up to four bytes as a number, fewer where they end. */
function wordOf(bytes: Uint8Array, start: number, end: number): number {
  let word = 0;
  for (let i = Math.min(end, start + 4) - 1; i >= start; i--) word = word << 8 | bytes[i]!;
  return word;
}

function larger<T extends Int32Array | Uint8Array>(values: T, length: number): T {
  const made = new (values.constructor as new (length: number) => T)(length);
  made.set(values);
  return made;
}

/**
 * HalfSipHash-1-3 of bytes. `untrusted_keys.ts` has the same rounds for texts: shared, the four words
 * of state would have to leave the registers in the innermost loop of loading a vocabulary.
 */
function keyedHash(bytes: Uint8Array, start: number, end: number): number {
  let v0 = K0, v1 = K1, v2 = K0 ^ 0x6c796765, v3 = K1 ^ 0x74656462;
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
