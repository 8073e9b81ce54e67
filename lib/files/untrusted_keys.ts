/**
 * Maps and sets whose keys come from a file, in a time that does not depend on what the keys are.
 *
 * JavaScript's own cannot be used for that: V8 hashes a text that looks like an integer by its low
 * bits and one of over 16,383 characters by its length alone, and Deno starts every process with the
 * same seed, so that keys that all meet in one place can be found by whoever cares to. 65,536 of
 * them take a `Map` a minute.
 *
 * Here keys are hashed by HalfSipHash-1-3, made for the purpose, over all of their characters and
 * with a key that is drawn anew in every process.
 *
 * Source: J.-P. Aumasson and D. J. Bernstein, SipHash: a fast short-input PRF,
 * https://eprint.iacr.org/2012/351; its half for 32-bit words: https://github.com/veorq/SipHash
 *
 * @module
 */

/** An entry, and the next one whose key has the same hash. */
interface Entry<V> {
  readonly key: string;
  value: V;
  next: Entry<V> | undefined;
}

/** A map from texts of a file, in the order in which they were set. */
export class UntrustedMap<V> implements ReadonlyMap<string, V> {
  /** By hash: numbers that nobody outside of the process can choose. */
  #byHash = new Map<number, Entry<V>>();
  #entries: Entry<V>[] = [];

  /** Sets each of the entries in turn; by default there are none. */
  constructor(entries: Iterable<readonly [string, V]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  /** How many keys it has. */
  get size(): number {
    return this.#entries.length;
  }

  /** The value of a key; undefined if there is none. */
  get(key: string): V | undefined {
    return find(this.#byHash.get(keyedHash(key)), key)?.value;
  }

  /** Whether there is a value for a key. */
  has(key: string): boolean {
    return find(this.#byHash.get(keyedHash(key)), key) !== undefined;
  }

  /** Sets the value of a key, be it new or not. */
  set(key: string, value: V): this {
    const hash = keyedHash(key);
    const first = this.#byHash.get(hash);
    const known = find(first, key);
    if (known !== undefined) {
      known.value = value;
    } else {
      const entry = { key, value, next: first };
      this.#byHash.set(hash, entry);
      this.#entries.push(entry);
    }
    return this;
  }

  /** The keys. */
  *keys(): MapIterator<string> {
    for (const { key } of this.#entries) yield key;
  }

  /** The values. */
  *values(): MapIterator<V> {
    for (const { value } of this.#entries) yield value;
  }

  /** Keys with their values. */
  *entries(): MapIterator<[string, V]> {
    for (const { key, value } of this.#entries) yield [key, value];
  }

  /** Keys with their values. */
  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  /** Calls a function with each value and its key. */
  forEach(callback: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const { key, value } of this.#entries) callback(value, key, this);
  }
}

/** A set of texts of a file. */
export class UntrustedSet {
  #map = new UntrustedMap<true>();

  /** How many texts it has. */
  get size(): number {
    return this.#map.size;
  }

  /** Whether it has a text. */
  has(text: string): boolean {
    return this.#map.has(text);
  }

  /**
   * Adds a text.
   *
   * @returns Whether it is new.
   */
  add(text: string): boolean {
    const before = this.#map.size;
    this.#map.set(text, true);
    return this.#map.size > before;
  }
}

function find<V>(entry: Entry<V> | undefined, key: string): Entry<V> | undefined {
  while (entry !== undefined && entry.key !== key) entry = entry.next;
  return entry;
}

/** The key of the hash, drawn once a process. */
const [K0, K1] = crypto.getRandomValues(new Int32Array(2)) as unknown as [number, number];

/** HalfSipHash-1-3 of a text's UTF-16 code units, each as two bytes, the lower one first. */
function keyedHash(text: string): number {
  let v0 = K0, v1 = K1, v2 = K0 ^ 0x6c796765, v3 = K1 ^ 0x74656462;
  const { length } = text;
  const words = length >> 1;
  // Each word, the last with what remains and the length, and three rounds that mix them all.
  for (let i = 0; i < words + 4; i++) {
    let word = 0;
    if (i < words) word = text.charCodeAt(2 * i) | text.charCodeAt(2 * i + 1) << 16;
    else if (i === words) word = length << 25 | (length & 1 ? text.charCodeAt(length - 1) : 0);
    else if (i === words + 1) v2 ^= 0xff;
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
