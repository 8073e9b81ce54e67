/**
 * Which two tokens become which one, and in which order: a hash table over pairs of ids.
 *
 * @module
 */

/** What is kept of a merge, by its rank: numbers that lie together, for a look costs what it fetches. */
const [LEFT, RIGHT, RESULT, SIZE] = [0, 1, 2, 3];

/** Merges by pair. The first one added has rank 0 and goes first. */
export class Merges {
  /** How many have been added. */
  count = 0;
  #merges: Int32Array; // by rank
  #slots: Int32Array | undefined; // ranks by hash, from 1, for 0 is a free slot; made when needed
  #key = crypto.getRandomValues(new Int32Array(1))[0]!;

  /**
   * Begins with none.
   *
   * @param expected About how many there will be. Default: few.
   */
  constructor(expected: number = 0) {
    this.#merges = new Int32Array(Math.max(Math.ceil(expected), 2 ** 9) * SIZE);
  }

  /** Adds a merge; of two for the same pair, the later one counts. */
  add(left: number, right: number, result: number): void {
    const at = this.count * SIZE;
    if (at === this.#merges.length) {
      const larger = new Int32Array(at * 2);
      larger.set(this.#merges);
      this.#merges = larger;
    }
    this.#merges[at + LEFT] = left;
    this.#merges[at + RIGHT] = right;
    this.#merges[at + RESULT] = result;
    this.count++;
    this.#slots = undefined;
  }

  /** The rank of the merge of two tokens; -1 if they are not merged. */
  rankOf(left: number, right: number): number {
    const slots = this.#slots ??= this.#hashed();
    return slots[this.#find(slots, left, right)]! - 1;
  }

  /** The token that the merge of a rank makes. */
  resultOf(rank: number): number {
    return this.#merges[rank * SIZE + RESULT]!;
  }

  /**
   * The table of all merges. It is made at once, when their number is known: no look has to wait for
   * the one before, which in a table that is larger than the processor's caches is most of the time.
   */
  #hashed(): Int32Array {
    const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(this.count * 1.6, 2 ** 10))));
    for (let rank = 0; rank < this.count; rank++) {
      const at = rank * SIZE;
      const [left, right] = [this.#merges[at + LEFT]!, this.#merges[at + RIGHT]!];
      slots[this.#find(slots, left, right)] = rank + 1;
    }
    return slots;
  }

  /** The slot of a pair, or the free one where it belongs. */
  #find(slots: Int32Array, left: number, right: number): number {
    const mask = slots.length - 1;
    const hash = mixed(mixed(left ^ this.#key) + right ^ Math.imul(this.#key, 0x9e3779b1));
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      if (slots[slot] === 0) return slot;
      const at = (slots[slot]! - 1) * SIZE;
      if (this.#merges[at + LEFT] === left && this.#merges[at + RIGHT] === right) return slot;
    }
  }
}

/** Every bit has its say in each bit: the finish of MurmurHash3. */
function mixed(h: number): number {
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return h ^ h >>> 16;
}
