/**
 * How large the numbers become that a model computes, at most and for every prompt there is: each
 * part of a decoder says it of its own output.
 *
 * @module
 */
import { LARGEST_FLOAT32 } from "../tensors/magnitude.ts";

/** What is known of a row of numbers, for every prompt. */
export interface Extent {
  /** No number of it has a greater magnitude. */
  readonly each: number;
  /** The magnitudes of all its numbers have no greater sum. */
  readonly sum: number;
}

/** What may become too large, and how large at most. */
export interface Overflow {
  /** What: `the squares in h.3.ln_1`. */
  readonly what: string;
  /** Its bound, beyond float32; infinite if it is beyond float64 as well. */
  readonly bound: number;
}

/** Collects what the parts of a decoder compute, and remembers the first that float32 may not hold. */
export class Bounds {
  /** The greatest magnitude in a weight, by its name without a prefix. */
  readonly greatest: (name: string) => number;
  #overflow: Overflow | undefined;

  /**
   * Begins with nothing.
   *
   * @param greatest The greatest magnitude in a weight, by its name.
   */
  constructor(greatest: (name: string) => number) {
    this.greatest = greatest;
  }

  /** Takes note of something that is computed: `the activations in h.0.mlp`, and its bound. */
  reaches(what: string, bound: number): void {
    if (!(bound < LARGEST_FLOAT32)) this.#overflow ??= { what, bound };
  }

  /** The first that float32 may not hold, undefined if it holds everything. */
  get overflow(): Overflow | undefined {
    return this.#overflow;
  }
}
