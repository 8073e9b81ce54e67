/**
 * Matching pursuit: features are picked one after the other, each the one that what is left of the
 * hidden state goes along most, and what it explains is subtracted before the next is picked.
 *
 * Sources: Mallat and Zhang, Matching pursuits with time-frequency dictionaries, 1993,
 * https://doi.org/10.1109/78.258082; SAELens' `matching_pursuit_sae.py`, version 6.54.
 *
 * @module
 */

/** When picking ends. */
export interface Pursuit {
  /** How many picks there are at most; one feature may be picked several times. */
  readonly mostPicks: number;
  /** Nothing is picked any more when what is left is shorter than this. 0: however short it is. */
  readonly leastLength: number;
  /** Whether it ends with the first pick of a feature that was picked before. */
  readonly stopsAtRepeat: boolean;
}

/** One hidden state on its way: what is left of it, and what was picked. */
export class PursuedState {
  /** What is left of it. */
  readonly left: Float64Array;
  /** What was picked: the activation of each feature that was. */
  readonly activations: Map<number, number> = new Map();
  #pursuit: Pursuit;
  #picks = 0;
  #isDone = false;

  /**
   * Begins with nothing picked.
   *
   * @param left The hidden state, after the SAE's input steps; it becomes what is left.
   */
  constructor(left: Float64Array, pursuit: Pursuit) {
    this.left = left;
    this.#pursuit = pursuit;
  }

  /** Whether nothing is picked any more. */
  get isDone(): boolean {
    return this.#isDone || this.#picks >= this.#pursuit.mostPicks;
  }

  /** The length of what is left. */
  get length(): number {
    return Math.sqrt(this.left.reduce((sum, x) => sum + x * x, 0));
  }

  /**
   * Picks a feature.
   *
   * @param feature The one of the greatest product, the first of several.
   * @param product The product of what is left with its direction: the feature's activation grows by
   * it. Where it is not above 0, no feature is picked, now or later.
   * @param direction Its direction, as it is: not brought to the length 1.
   */
  pick(feature: number, product: number, direction: Float32Array): void {
    this.#picks++;
    if (!(product > 0)) {
      this.#isDone = true;
      return;
    }
    const { left, activations } = this;
    const { leastLength, stopsAtRepeat } = this.#pursuit;
    const before = activations.get(feature);
    activations.set(feature, (before ?? 0) + product);
    for (let i = 0; i < left.length; i++) left[i]! -= product * direction[i]!;
    const isRepeat = before !== undefined && stopsAtRepeat;
    this.#isDone = isRepeat || leastLength > 0 && this.length < leastLength;
  }
}
