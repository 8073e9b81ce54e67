/**
 * Random numbers that are the same again with the same seed, on any machine.
 *
 * D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on
 * Mathematical Software 47 (2021): xoshiro128**; its state is filled by splitmix32.
 *
 * @module
 */

/** A stream of random numbers. */
export class SeededRandom {
  readonly #state = new Uint32Array(4);

  /**
   * Begins a stream.
   *
   * @param seed A whole number from 0 to 2³² − 1.
   */
  constructor(seed: number) {
    let sum = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      sum = sum + 0x9e3779b9 | 0;
      let z = sum;
      z = Math.imul(z ^ z >>> 16, 0x85ebca6b);
      z = Math.imul(z ^ z >>> 13, 0xc2b2ae35);
      this.#state[i] = z ^ z >>> 16;
    }
  }

  /** A whole number from 0 to 2³² − 1. */
  next(): number {
    const state = this.#state;
    const rotated = Math.imul(state[1]!, 5);
    const result = Math.imul(rotated << 7 | rotated >>> 25, 9) >>> 0;
    const shifted = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= shifted;
    state[3] = state[3]! << 11 | state[3]! >>> 21;
    return result;
  }

  /** A whole number from 0 to `end` − 1, each as likely. */
  below(end: number): number {
    for (;;) {
      const drawn = this.next();
      const below = drawn % end;
      // Of the last numbers that are drawn, fewer than `end`, low ones would be likelier.
      if (drawn - below <= 2 ** 32 - end) return below;
    }
  }

  /** Puts numbers into another order, each order as likely, from `start` up to before `end`. */
  shuffle(numbers: Int32Array, start: number = 0, end: number = numbers.length): void {
    for (let last = end - 1; last > start; last--) {
      const other = start + this.below(last - start + 1);
      const kept = numbers[last]!;
      numbers[last] = numbers[other]!;
      numbers[other] = kept;
    }
  }
}
