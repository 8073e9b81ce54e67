/**
 * How well an SAE fits states: what it leaves unexplained, and how many features it takes.
 *
 * @module
 */
import type { ActiveFeatures } from "../sae/decode_task.ts";

/** How an SAE fits states. */
export interface Fit {
  /** How many states were looked at. */
  readonly states: number;
  /**
   * The fraction of variance unexplained: the squared error of all states, by their squared distance
   * from their mean. Undefined if there is no decoder or the states do not vary.
   */
  readonly unexplained: number | undefined;
  /** The same of half of the states, and of the other half: how much of it is chance. */
  readonly unexplainedHalves: readonly [number, number] | undefined;
  /**
   * What would be left unexplained if what is decoded were multiplied with the factor and shifted that
   * suit it best. Undefined where `unexplained` is, or what is decoded does not vary.
   */
  readonly adjusted?: { readonly unexplained: number; readonly factor: number } | undefined;
  /** How many features of a state are not 0, on average. */
  readonly l0: number;
  /** How many features are not 0 in any of the states. */
  readonly activeFeatures: number;
  /** How many features there are. */
  readonly featureCount: number;
}

/** Adds features and states up, in float64. */
export class FitMeter {
  #width: number;
  #features = 0;
  #activeFeatures = 0;
  #activations = 0;
  #states: [number, number] = [0, 0];
  #sums: Float64Array;
  #squares = 0;
  #decodedSums: Float64Array;
  #decodedSquares = 0;
  #products = 0;
  #errors: [number, number] = [0, 0];
  #isDecoded = true;

  /**
   * Begins without a state.
   *
   * @param width The width of what is to be explained.
   */
  constructor(width: number) {
    this.#width = width;
    this.#sums = new Float64Array(width);
    this.#decodedSums = new Float64Array(width);
  }

  /** Adds features: how many of them are active at the states. */
  addFeatures({ features, active, activations }: ActiveFeatures): void {
    this.#features += features;
    this.#activations += activations;
    this.#activeFeatures += active;
  }

  /**
   * Adds a state.
   *
   * @param target What is to be explained, `[width]`: the state, or that which a transcoder predicts.
   * @param decoded What the SAE decoded, `[width]`; undefined if it has no decoder.
   * @param half To which half of the states it belongs.
   */
  addState(target: Float32Array, decoded: Float64Array | undefined, half: 0 | 1): void {
    if (decoded === undefined) this.#isDecoded = false;
    let error = 0;
    for (let i = 0; i < this.#width; i++) {
      const x = target[i]!;
      this.#sums[i]! += x;
      this.#squares += x * x;
      if (decoded === undefined) continue;
      const y = decoded[i]!;
      error += (x - y) ** 2;
      this.#decodedSums[i]! += y;
      this.#decodedSquares += y * y;
      this.#products += x * y;
    }
    this.#states[half]++;
    this.#errors[half] += error;
  }

  /** What it comes to. */
  get fit(): Fit {
    const [some, others] = this.#states;
    const states = some + others;
    const mean = this.#sums.reduce((sum, x) => sum + (x / states) ** 2, 0);
    const variance = this.#squares / states - mean;
    // Below that, the difference is made of roundings.
    const varies = variance > 1e-12 * this.#squares / states;
    const isKnown = this.#isDecoded && varies && states > 1;
    const [error, otherError] = this.#errors;
    return {
      states,
      unexplained: isKnown ? (error + otherError) / states / variance : undefined,
      unexplainedHalves: isKnown && some > 0 && others > 0
        ? [error / some / variance, otherError / others / variance]
        : undefined,
      adjusted: isKnown ? this.#adjusted(states, variance) : undefined,
      l0: this.#activations / states,
      activeFeatures: this.#activeFeatures,
      featureCount: this.#features,
    };
  }

  /** The least squares of all states by a factor of what is decoded and a shift of each number. */
  #adjusted(states: number, variance: number): Fit["adjusted"] {
    let [means, products] = [0, 0];
    this.#decodedSums.forEach((sum, i) => {
      means += (sum / states) ** 2;
      products += sum / states * (this.#sums[i]! / states);
    });
    const decodedVariance = this.#decodedSquares / states - means;
    if (!(decodedVariance > 1e-12 * this.#decodedSquares / states)) return undefined;
    const covariance = this.#products / states - products;
    const factor = covariance / decodedVariance;
    return { factor, unexplained: Math.max(0, 1 - factor * covariance / variance) };
  }
}
