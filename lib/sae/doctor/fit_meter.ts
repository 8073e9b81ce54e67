/**
 * How well an SAE fits states: what it leaves unexplained, and how many features it takes.
 *
 * @module
 */

/** States with what an SAE made of them, rows first. */
export interface FitBlock {
  /** What is to be explained, `[count, width]`: the states, or those that a transcoder predicts. */
  readonly targets: Float32Array;
  /** What the SAE decoded, `[count, width]`; undefined if it has no decoder. */
  readonly decoded: Float32Array | undefined;
  /** The features, `[count, featureCount]`. */
  readonly features: Float32Array;
}

/** How an SAE fits states. */
export interface Fit {
  /** How many states were looked at. */
  readonly states: number;
  /**
   * The fraction of variance unexplained: the squared error of all states, by their squared distance
   * from their mean. Undefined if there is no decoder or the states do not vary.
   */
  readonly unexplained: number | undefined;
  /** The same of every other state, and of those between them: how much of it is chance. */
  readonly unexplainedHalves: readonly [number, number] | undefined;
  /** How many features of a state are not 0, on average. */
  readonly l0: number;
  /** How many features are not 0 in any of the states. */
  readonly activeFeatures: number;
  /** How many features there are. */
  readonly featureCount: number;
}

/** Adds blocks up, in float64. */
export class FitMeter {
  #width: number;
  #active: Uint8Array;
  #states = 0;
  #activations = 0;
  #sums: Float64Array;
  #squares = 0;
  #errors: [number, number] = [0, 0];
  #isDecoded = true;

  /**
   * Begins without a state.
   *
   * @param width The width of what is to be explained.
   */
  constructor(width: number, featureCount: number) {
    this.#width = width;
    this.#sums = new Float64Array(width);
    this.#active = new Uint8Array(featureCount);
  }

  /** Adds some states. */
  add({ targets, decoded, features }: FitBlock): void {
    const width = this.#width;
    const count = targets.length / width;
    if (decoded === undefined) this.#isDecoded = false;
    for (let row = 0; row < count; row++) {
      let error = 0;
      for (let i = 0; i < width; i++) {
        const x = targets[row * width + i]!;
        this.#sums[i]! += x;
        this.#squares += x * x;
        if (decoded !== undefined) error += (x - decoded[row * width + i]!) ** 2;
      }
      this.#errors[(this.#states + row) % 2 as 0 | 1] += error;
    }
    this.#states += count;
    const { length } = this.#active;
    for (let at = 0; at < features.length; at += length) {
      for (let feature = 0; feature < length; feature++) {
        if (features[at + feature] === 0) continue;
        this.#activations++;
        this.#active[feature] = 1;
      }
    }
  }

  /** What it comes to. */
  get fit(): Fit {
    const states = this.#states;
    const mean = this.#sums.reduce((sum, x) => sum + (x / states) ** 2, 0);
    const variance = this.#squares / states - mean;
    // Below that, the difference is made of roundings.
    const varies = variance > 1e-12 * this.#squares / states;
    const isKnown = this.#isDecoded && varies && states > 1;
    const [even, odd] = this.#errors;
    return {
      states,
      unexplained: isKnown ? (even + odd) / states / variance : undefined,
      unexplainedHalves: isKnown
        ? [even / Math.ceil(states / 2) / variance, odd / Math.floor(states / 2) / variance]
        : undefined,
      l0: this.#activations / states,
      activeFeatures: this.#active.reduce((sum, one) => sum + one, 0),
      featureCount: this.#active.length,
    };
  }
}
