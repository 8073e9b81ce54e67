/**
 * Which token has which id: a hash table over UTF-8 bytes, in arrays of numbers, so that a quarter of
 * a million tokens take a few megabytes. The hash is keyed, so that no file can choose tokens that
 * all meet in one place.
 *
 * @module
 */
import { keyedHash } from "./keyed_hash.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * What a slot of the table holds: numbers that lie together, for a look costs what it fetches. Of a
 * short token the key is its bytes and their number; of a longer one its hash, and LONG.
 */
const [KEY, KEY_END, NUMBER, ID, SLOT_SIZE] = [0, 1, 2, 3, 4]; // the number from 1; 0 is a free slot
/** How many bytes a short token has at most. */
const MAX_SHORT = 7;
/** No short token's: the uppermost byte would be its length. */
const LONG = -1;

/** How many texts are looked for together, at most. */
const BLOCK = 512;
/** What is known of a text that is looked for: KEY, KEY_END, the NUMBER in the first slot, its hash. */
const [HASH, SOUGHT_SIZE] = [3, 4];

/** Token ids by token. */
export class Vocabulary {
  /** How many tokens there are. */
  size = 0;
  #bytes: Uint8Array; // of all tokens, one behind the other
  #starts: Int32Array; // where each begins, by the order in which they were added, and where the last ends
  #ids: Int32Array; // in that order
  #slots: Int32Array | undefined; // by hash; made when needed
  #twice = 0; // the number of the first token that was there before, from 1; 0 if there is none
  #sought = new Int32Array(BLOCK * SOUGHT_SIZE);
  #scratch = new Uint8Array(256);
  #bounds = new Int32Array(2); // of what is in there
  #found = 0; // the token that was found in its order last
  #numberOfId: Map<number, number> | undefined; // made when it is asked for first

  /**
   * Begins with none.
   *
   * @param expected About how many tokens there will be. Default: few.
   */
  constructor(expected: number = 0) {
    this.#starts = new Int32Array(Math.max(expected, 2 ** 9));
    this.#ids = new Int32Array(this.#starts.length);
    this.#bytes = new Uint8Array(Math.max(expected * 8, 2 ** 12));
  }

  /**
   * Adds a token. Of two that are the same, the first one counts.
   *
   * @param bytes Where its bytes are, from `start` up to but not including `end`.
   */
  add(bytes: Uint8Array, start: number, end: number, id: number): void {
    this.#slots = this.#numberOfId = undefined;
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
  }

  /** The first token that was added though it was there already; undefined if there is none. */
  get twice(): string | undefined {
    this.#slots ??= this.#hashed();
    return this.#twice === 0 ? undefined : this.#tokenAt(this.#twice - 1);
  }

  /**
   * The ids of texts that lie one behind the other; -1 for those that are no token.
   *
   * @param bytes Their UTF-8 bytes.
   * @param bounds Where each text begins, and where the last one ends.
   * @param count How many there are.
   * @param ids Gets the ids.
   */
  idsOf(bytes: Uint8Array, bounds: Int32Array, count: number, ids: Int32Array): void {
    const slots = this.#slots ??= this.#hashed();
    for (let first = 0; first < count; first += BLOCK) {
      const end = Math.min(first + BLOCK, count);
      this.#lookAt(slots, bytes, bounds, first, end);
      for (let i = first, at = 0; i < end; i++, at += SOUGHT_SIZE) {
        const slot = this.#find(slots, at, bytes, bounds[i]!, bounds[i + 1]!);
        ids[i] = slots[slot + NUMBER] === 0 ? -1 : slots[slot + ID]!;
      }
    }
  }

  /**
   * The id of a text, -1 if it is no token: the same, faster where texts are asked for in the order in
   * which they were added, each once or several times.
   */
  idOfNext(bytes: Uint8Array, start: number, end: number): number {
    for (let number = this.#found; number < this.size && number < this.#found + 2; number++) {
      if (this.#isAt(number, bytes, start, end)) return this.#ids[this.#found = number]!;
    }
    const slot = this.#slotOf(bytes, start, end);
    const number = this.#slots![slot + NUMBER]!;
    if (number === 0) return -1;
    this.#found = number - 1;
    return this.#slots![slot + ID]!;
  }

  /** The id of a token; -1 if there is none. */
  idOf(token: string): number {
    if (token.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(token.length * 6);
    const { written } = encoder.encodeInto(token, this.#scratch);
    const slot = this.#slotOf(this.#scratch, 0, written);
    return this.#slots![slot + NUMBER] === 0 ? -1 : this.#slots![slot + ID]!;
  }

  /** The token of an id; undefined if there is none. */
  tokenOf(id: number): string | undefined {
    this.#numberOfId ??= new Map(
      this.#ids.subarray(0, this.size).entries().map(([i, id]) => [id, i]),
    );
    const number = this.#numberOfId.get(id);
    return number === undefined ? undefined : this.#tokenAt(number);
  }

  #tokenAt(number: number): string {
    return textOf(this.#bytes, this.#starts[number]!, this.#starts[number + 1]!);
  }

  /**
   * The table of all tokens. It is made at once, when their number is known: see {@linkcode #lookAt}.
   */
  #hashed(): Int32Array {
    const count = 2 ** Math.ceil(Math.log2(Math.max(this.size * 1.6, 2 ** 6)));
    const slots = new Int32Array(count * SLOT_SIZE);
    const [sought, starts] = [this.#sought, this.#starts];
    this.#twice = 0;
    for (let first = 0; first < this.size; first += BLOCK) {
      const end = Math.min(first + BLOCK, this.size);
      this.#lookAt(slots, this.#bytes, starts, first, end);
      for (let i = first, at = 0; i < end; i++, at += SOUGHT_SIZE) {
        const slot = this.#find(slots, at, this.#bytes, starts[i]!, starts[i + 1]!);
        if (slots[slot + NUMBER] !== 0) {
          this.#twice ||= i + 1;
          continue;
        }
        slots[slot + KEY] = sought[at + KEY]!;
        slots[slot + KEY_END] = sought[at + KEY_END]!;
        slots[slot + NUMBER] = i + 1;
        slots[slot + ID] = this.#ids[i]!;
      }
    }
    return slots;
  }

  /**
   * Works out what the texts of a block are to be looked for as, and fetches the slots where that
   * begins. No fetch waits for the one before, as one look would for another: that is most of their
   * time in a table that is larger than the processor's caches.
   */
  #lookAt(
    slots: Int32Array,
    bytes: Uint8Array,
    bounds: Int32Array,
    first: number,
    end: number,
  ): void {
    const [sought, mask] = [this.#sought, slots.length - 1];
    for (let i = first, at = 0; i < end; i++, at += SOUGHT_SIZE) {
      const [from, to] = [bounds[i]!, bounds[i + 1]!];
      const hash = sought[at + HASH] = keyedHash(bytes, from, to);
      const isShort = to - from <= MAX_SHORT;
      sought[at + KEY] = isShort ? wordOf(bytes, from, to) : hash;
      sought[at + KEY_END] = isShort ? wordOf(bytes, from + 4, to) | (to - from) << 24 : LONG;
    }
    for (let at = 0; at < (end - first) * SOUGHT_SIZE; at += SOUGHT_SIZE) {
      sought[at + NUMBER] = slots[(sought[at + HASH]! * SLOT_SIZE & mask) + NUMBER]!;
    }
  }

  /** Where the slot of a text begins, or the free one where it belongs. */
  #slotOf(bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots ??= this.#hashed();
    this.#bounds[0] = start;
    this.#bounds[1] = end;
    this.#lookAt(slots, bytes, this.#bounds, 0, 1);
    return this.#find(slots, 0, bytes, start, end);
  }

  /** The same, for a text of a block, of which what is known stands at a place. */
  #find(slots: Int32Array, at: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = slots.length - 1;
    const hash = this.#sought[at + HASH]!;
    const key = this.#sought[at + KEY]!;
    const keyEnd = this.#sought[at + KEY_END]!;
    for (let slot = hash * SLOT_SIZE & mask;; slot = (slot + SLOT_SIZE) & mask) {
      const number = slots[slot + NUMBER]!;
      if (number === 0) return slot;
      if (slots[slot + KEY] !== key || slots[slot + KEY_END] !== keyEnd) continue;
      if (keyEnd !== LONG || this.#isAt(number - 1, bytes, start, end)) return slot;
    }
  }

  #isAt(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const [own, from] = [this.#bytes, this.#starts[number]!];
    if (this.#starts[number + 1]! - from !== end - start) return false;
    for (let i = start; i < end; i++) if (own[from + i - start] !== bytes[i]) return false;
    return true;
  }
}

/** The text of UTF-8 bytes, a byte-order mark at its beginning included. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
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
