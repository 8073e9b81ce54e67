/**
 * Numbers of the standard normal law that are the same again with the same seed.
 *
 * G. E. P. Box and M. E. Muller, Annals of Mathematical Statistics 29 (1958).
 *
 * @module
 */
import { SeededRandom } from "./seeded_random.ts";

/** A stream of independent numbers of the standard normal law. */
export class NormalDraws {
  readonly #random: SeededRandom;
  #spare: number | undefined;

  /**
   * Begins a stream.
   *
   * @param seed A whole number from 0 to 2³² − 1.
   */
  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  /** The next number. */
  next(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const uniform = () => (this.#random.next() + 0.5) / 2 ** 32;
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}
