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

/** What a slot of the table holds: numbers that lie together, for a look costs what it fetches. */
const [HASH, START, END, ID, SLOT_SIZE] = [0, 1, 2, 3, 4];

/** Token ids by token. */
export class Vocabulary {
  /** How many tokens there are. */
  size = 0;
  #bytes: Uint8Array; // of all tokens, one behind the other
  #filled = 0;
  #slots: Int32Array; // by hash; the end is one more than it is, so that 0 is a free slot
  #scratch = new Uint8Array(256);
  #slotOfId: Map<number, number> | undefined; // made when it is asked for first

  /**
   * Begins with none.
   *
   * @param expected About how many tokens there will be. Default: few.
   */
  constructor(expected: number = 0) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(expected * 1.6, 2 ** 10)));
    this.#slots = new Int32Array(slots * SLOT_SIZE);
    this.#bytes = new Uint8Array(Math.max(expected * 8, 2 ** 12));
  }

  /**
   * Adds a token.
   *
   * @param bytes Where its bytes are, from `start` up to but not including `end`.
   * @returns false if it is there already, and stays as it is.
   */
  add(bytes: Uint8Array, start: number, end: number, id: number): boolean {
    const hash = keyedHash(bytes, start, end);
    const slot = this.#find(bytes, start, end, hash);
    if (this.#slots[slot + END] !== 0) return false;
    this.#slotOfId = undefined;
    const filled = this.#filled + end - start;
    if (filled > this.#bytes.length) {
      const larger = new Uint8Array(2 * filled);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    for (let i = start; i < end; i++) this.#bytes[this.#filled + i - start] = bytes[i]!;
    this.#slots[slot + HASH] = hash;
    this.#slots[slot + START] = this.#filled;
    this.#slots[slot + END] = filled + 1;
    this.#slots[slot + ID] = id;
    this.#filled = filled;
    this.size++;
    if (this.size * 2 * SLOT_SIZE > this.#slots.length * 1.5) this.#grow();
    return true;
  }

  /** The id of the token whose UTF-8 bytes are given; -1 if there is none. */
  idOfBytes(bytes: Uint8Array, start: number, end: number): number {
    const slot = this.#find(bytes, start, end, keyedHash(bytes, start, end));
    return this.#slots[slot + END] === 0 ? -1 : this.#slots[slot + ID]!;
  }

  /** The id of a token; -1 if there is none. */
  idOf(token: string): number {
    if (token.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(token.length * 6);
    const { written } = encoder.encodeInto(token, this.#scratch);
    return this.idOfBytes(this.#scratch, 0, written);
  }

  /** The token of an id; undefined if there is none. */
  tokenOf(id: number): string | undefined {
    this.#slotOfId ??= this.#slotsById();
    const slot = this.#slotOfId.get(id);
    if (slot === undefined) return undefined;
    const [start, end] = [this.#slots[slot + START]!, this.#slots[slot + END]! - 1];
    return decoder.decode(this.#bytes.subarray(start, end));
  }

  /** Of two tokens with one id, either. */
  #slotsById(): Map<number, number> {
    const slots = new Map<number, number>();
    for (let slot = 0; slot < this.#slots.length; slot += SLOT_SIZE) {
      if (this.#slots[slot + END] !== 0) slots.set(this.#slots[slot + ID]!, slot);
    }
    return slots;
  }

  /** Where the slot of a token begins, or the free one where it belongs. */
  #find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash * SLOT_SIZE & mask;; slot = (slot + SLOT_SIZE) & mask) {
      if (slots[slot + END] === 0) return slot;
      if (slots[slot + HASH] === hash && this.#isAt(slot, bytes, start, end)) return slot;
    }
  }

  #isAt(slot: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#slots[slot + START]!;
    if (this.#slots[slot + END]! - 1 - from !== end - start) return false;
    for (let i = start; i < end; i++) if (this.#bytes[from + i - start] !== bytes[i]) return false;
    return true;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let at = 0; at < old.length; at += SLOT_SIZE) {
      if (old[at + END] === 0) continue;
      let slot = old[at + HASH]! * SLOT_SIZE & mask;
      while (slots[slot + END] !== 0) slot = (slot + SLOT_SIZE) & mask;
      slots.set(old.subarray(at, at + SLOT_SIZE), slot);
    }
    this.#slots = slots;
  }
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
