/**
 * Which two tokens become which one, and in which order: a hash table over pairs of ids.
 *
 * @module
 */

/** Merges by pair. The first one added has rank 0 and goes first. */
export class Merges {
  /** How many have been added. */
  count = 0;
  #pairs = new Int32Array(2 ** 12); // left and right of each, one behind the other
  #results = new Int32Array(2 ** 11);
  #slots = new Int32Array(2 ** 12).fill(-1); // by hash: a rank
  #used = 0;
  #key = crypto.getRandomValues(new Int32Array(1))[0]!;

  /** Adds a merge; of two for the same pair, the later one counts. */
  add(left: number, right: number, result: number): void {
    if (this.count === this.#results.length) {
      this.#results = doubled(this.#results);
      this.#pairs = doubled(this.#pairs);
    }
    const rank = this.count++;
    this.#pairs[2 * rank] = left;
    this.#pairs[2 * rank + 1] = right;
    this.#results[rank] = result;
    const slot = this.#find(left, right);
    if (this.#slots[slot] === -1) this.#used++;
    this.#slots[slot] = rank;
    if (this.#used * 2 > this.#slots.length) this.#grow();
  }

  /** The rank of the merge of two tokens; -1 if they are not merged. */
  rankOf(left: number, right: number): number {
    return this.#slots[this.#find(left, right)]!;
  }

  /** The token that the merge of a rank makes. */
  resultOf(rank: number): number {
    return this.#results[rank]!;
  }

  /** The slot of a pair, or the free one where it belongs. */
  #find(left: number, right: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#hash(left, right) & mask;; slot = (slot + 1) & mask) {
      const rank = this.#slots[slot]!;
      if (rank === -1) return slot;
      if (this.#pairs[2 * rank] === left && this.#pairs[2 * rank + 1] === right) return slot;
    }
  }

  /** Every bit of both ids and of the key has its say in each bit (the finish of MurmurHash3, twice). */
  #hash(left: number, right: number): number {
    return mixed(mixed(left ^ this.#key) + right ^ Math.imul(this.#key, 0x9e3779b1));
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2).fill(-1);
    for (const rank of old) {
      if (rank === -1) continue;
      this.#slots[this.#find(this.#pairs[2 * rank]!, this.#pairs[2 * rank + 1]!)] = rank;
    }
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function mixed(h: number): number {
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return h ^ h >>> 16;
}
