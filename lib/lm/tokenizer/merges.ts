/**
 * Which two tokens become which one, and in which order: a hash table over pairs of ids.
 *
 * @module
 */

/** What a slot of the table holds: numbers that lie together, for a look costs what it fetches. */
const [LEFT, RIGHT, RANK, SLOT_SIZE] = [0, 1, 2, 4]; // the rank from 1, for 0 is a free slot

/** Merges by pair. The first one added has rank 0 and goes first. */
export class Merges {
  /** How many have been added. */
  count = 0;
  #results: Int32Array; // by rank
  #slots: Int32Array; // by hash
  #used = 0;
  #key = crypto.getRandomValues(new Int32Array(1))[0]!;

  /**
   * Begins with none.
   *
   * @param expected About how many there will be. Default: few.
   */
  constructor(expected: number = 0) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(expected * 1.6, 2 ** 10)));
    this.#slots = new Int32Array(slots * SLOT_SIZE);
    this.#results = new Int32Array(Math.max(expected, 2 ** 9));
  }

  /** Adds a merge; of two for the same pair, the later one counts. */
  add(left: number, right: number, result: number): void {
    if (this.count === this.#results.length) {
      const larger = new Int32Array(this.count * 2);
      larger.set(this.#results);
      this.#results = larger;
    }
    this.#results[this.count] = result;
    const slot = this.#find(left, right);
    if (this.#slots[slot + RANK] === 0) this.#used++;
    this.#slots[slot + LEFT] = left;
    this.#slots[slot + RIGHT] = right;
    this.#slots[slot + RANK] = ++this.count;
    if (this.#used * 2 * SLOT_SIZE > this.#slots.length * 1.5) this.#grow();
  }

  /** The rank of the merge of two tokens; -1 if they are not merged. */
  rankOf(left: number, right: number): number {
    return this.#slots[this.#find(left, right) + RANK]! - 1;
  }

  /** The token that the merge of a rank makes. */
  resultOf(rank: number): number {
    return this.#results[rank]!;
  }

  /** Where the slot of a pair begins, or the free one where it belongs. */
  #find(left: number, right: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = mixed(mixed(left ^ this.#key) + right ^ Math.imul(this.#key, 0x9e3779b1));
    for (let slot = hash * SLOT_SIZE & mask;; slot = (slot + SLOT_SIZE) & mask) {
      if (slots[slot + RANK] === 0) return slot;
      if (slots[slot + LEFT] === left && slots[slot + RIGHT] === right) return slot;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += SLOT_SIZE) {
      if (old[at + RANK] === 0) continue;
      const slot = this.#find(old[at + LEFT]!, old[at + RIGHT]!);
      this.#slots.set(old.subarray(at, at + SLOT_SIZE), slot);
    }
  }
}

/** Every bit has its say in each bit: the finish of MurmurHash3. */
function mixed(h: number): number {
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return h ^ h >>> 16;
}
