/**
 * The host's part of top-k's radix select: from counts by the next bits of the keys to the bits of
 * the k-th key, question by question.
 *
 * @module
 */
import type { Cutoffs } from "../top_k.ts";
import { SELECT_PASSES, type SelectPass } from "./select_kernel.ts";

/** What is known of the k-th largest key of each question. */
export class RadixSelect {
  /** The bits that are known, two words a question; the others are 0. */
  readonly prefixes: Uint32Array<ArrayBuffer>;
  /** At which place the key is among those that begin so, from 1. */
  #ranks: Uint32Array<ArrayBuffer>;
  /** Questions of whose features at the threshold not all are to be kept: 1, the others 0. */
  #ties: Uint8Array<ArrayBuffer>;

  /** Begins where nothing is known. */
  constructor(questions: number, k: number) {
    this.prefixes = new Uint32Array(2 * questions);
    this.#ties = new Uint8Array(questions);
    this.#ranks = new Uint32Array(questions).fill(k);
  }

  /** The passes to make, each after the results of the one before. */
  *passes(): Generator<SelectPass> {
    for (const pass of SELECT_PASSES) {
      if (pass.word === 1 && !this.#ties.includes(1)) return;
      yield pass;
    }
  }

  /**
   * Takes the counts of a pass.
   *
   * @param histograms `[questions, bins]`.
   * @param question The first question that they are of.
   */
  add({ word, shift, bits }: SelectPass, histograms: Uint32Array, question: number): void {
    const bins = 2 ** bits;
    for (let at = 0; at < histograms.length; at += bins, question++) {
      let rank = this.#ranks[question]!;
      let bin = bins - 1;
      while (bin > 0 && histograms[at + bin]! < rank) rank -= histograms[at + bin--]!;
      this.#ranks[question] = rank;
      this.prefixes[2 * question + word]! |= bin << shift;
      const isLast = word === 0 && shift === 0;
      if (isLast && histograms[at + bin]! > rank) this.#ties[question] = 1;
    }
  }

  /** What the keys come to, for so many questions from the first on. */
  writeTo({ thresholds, ends }: Cutoffs, rowOf: (question: number) => number): void {
    for (let question = 0; question < this.#ranks.length; question++) {
      const row = rowOf(question);
      if (row < 0) continue;
      thresholds[row] = unordered(this.prefixes[2 * question]!);
      ends[row] = this.#ties[question] === 1 ? ~this.prefixes[2 * question + 1]! + 1 : 0xffffffff;
    }
  }
}

/** The number that `ordered` in the shader makes a whole number of. */
function unordered(word: number): number {
  const bits = word >>> 31 === 1 ? word & 0x7fffffff : ~word;
  return new Float32Array(Int32Array.of(bits).buffer)[0]!;
}
