/**
 * The merging of byte-pair encoding: of neighbours those of the best rank first, and of these the
 * leftmost.
 *
 * Source: https://github.com/huggingface/tokenizers, models/bpe/word.rs
 *
 * @module
 */
import type { Merges } from "./merges.ts";

/** In the place of a token that was merged into the one before. */
export const MERGED: number = -1;
/** Of a place in the queue, this times the rank, and the position, make one number. */
const POSITIONS = 2 ** 28;

/**
 * Merges what can be merged; the ids are changed: what goes with the one before becomes
 * {@linkcode MERGED}. The time is that of sorting them.
 */
export function mergeAll(ids: number[], merges: Merges): number[] {
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
    if (ids[left] === MERGED || right >= length) continue; // merged into another meanwhile
    const result = merges.resultOf(Math.floor(best / POSITIONS));
    const rank = merges.rankOf(ids[left]!, ids[right]!);
    if (rank === -1 || merges.resultOf(rank) !== result) continue; // other neighbours meanwhile
    ids[left] = result;
    ids[right] = MERGED;
    next[left] = next[right]!;
    if (next[left]! < length) previous[next[left]!] = left;
    offer(previous[left]!);
    offer(left);
  }
  return ids;
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
