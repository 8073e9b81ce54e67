/**
 * Features of an SAE that stand for all of them beside a random encoder.
 *
 * @module
 */
import type { FeatureColumns } from "../../sae/encode/columns.ts";
import { sampleFeatures } from "../../sae/null_encoders.ts";

/** So many features of the SAE, and as many random ones, are compared at most. */
const MOST_FEATURES = 256;
/** The activations of those of the SAE take no more bytes than this. */
const MOST_BYTES = 64 * 2 ** 20;

/** Keeps the activations of some features of an SAE while all of them go by. */
export class SampledFeatures {
  /** The features, ascending. */
  readonly features: readonly number[];
  readonly #columns = new Map<number, Float32Array<ArrayBuffer>>();

  /** Chooses them among the free features. */
  constructor({ freeCount, questions }: { freeCount: number; questions: number }) {
    const most = Math.max(16, Math.floor(MOST_BYTES / (4 * Math.max(1, questions))));
    this.features = sampleFeatures(freeCount, Math.min(MOST_FEATURES, most));
    for (const feature of this.features) this.#columns.set(feature, new Float32Array(0));
  }

  /** Keeps what is wanted of neighbouring features; the values stay the caller's. */
  see({ first, count, questions, values }: FeatureColumns): void {
    for (let feature = first; feature < first + count; feature++) {
      if (!this.#columns.has(feature)) continue;
      const at = (feature - first) * questions;
      this.#columns.set(feature, values.slice(at, at + questions));
    }
  }

  /** The activations of one of them, for all questions. */
  column(feature: number): Float32Array<ArrayBuffer> {
    return this.#columns.get(feature)!;
  }
}
