/**
 * Top-k: of each question, the k features with the largest p are kept, or with the largest |p|; of
 * features with the same, the lower ones. A question's features are thus those above its threshold,
 * and at the threshold those before a certain one.
 *
 * Source: https://arxiv.org/abs/2406.04093.
 *
 * @module
 */

/** A threshold that leaves so many features a question. */
export interface TopK {
  /** How many. */
  readonly k: number;
  /** What they are chosen by: p itself, or its magnitude. */
  readonly by: "value" | "magnitude";
  /**
   * How many runs of neighbouring features, all of the same length, they are chosen from: of each so
   * many. Default: all features are one.
   */
  readonly groups?: number | undefined;
}

/** What top-k comes to, question by question. */
export interface Cutoffs {
  /** What is above it is kept. */
  readonly thresholds: Float32Array<ArrayBuffer>;
  /** Features at the threshold are kept if they come before this one. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** Cutoffs of so many questions, not yet found. */
export function emptyCutoffs(questions: number): Cutoffs {
  return { thresholds: new Float32Array(questions), ends: new Uint32Array(questions) };
}

/**
 * Some of the questions.
 *
 * @param first The first.
 * @param count How many.
 */
export function cutoffsOf({ thresholds, ends }: Cutoffs, first: number, count: number): Cutoffs {
  const end = first + count;
  return { thresholds: thresholds.subarray(first, end), ends: ends.subarray(first, end) };
}

/** The k largest of the numbers that it is shown, feature by feature: a heap, its least at the root. */
export class LargestFeatures {
  #values: Float64Array;
  #features: Uint32Array;
  #count = 0;
  #byMagnitude: boolean;

  /** Begins without any feature. */
  constructor({ k, by }: TopK) {
    this.#values = new Float64Array(k);
    this.#features = new Uint32Array(k);
    this.#byMagnitude = by === "magnitude";
  }

  /**
   * Shows it neighbouring features, after all those before them.
   *
   * @param p What the encoder gives for them.
   * @param first The number of the first.
   */
  add(p: Float32Array | Float64Array, first: number): void {
    const values = this.#values;
    for (let i = 0; i < p.length; i++) {
      const value = this.#byMagnitude ? Math.abs(p[i]!) : p[i]!;
      if (this.#count < values.length) this.#append(value, first + i);
      // Of the same numbers, the one that came first stays.
      else if (value > values[0]!) this.#sink(0, value, first + i);
    }
  }

  /**
   * Shows it the largest of neighbouring features, after all those before them: the largest first, and
   * of equals the lower feature.
   *
   * @param sizes What they are chosen by: p, or its magnitude.
   * @param features Their numbers.
   * @param first The number of the feature from which these are counted.
   */
  offer(sizes: Float32Array, features: Float32Array, first: number): void {
    for (let i = 0; i < sizes.length; i++) {
      if (this.#count < this.#values.length) this.#append(sizes[i]!, first + features[i]!);
      else if (sizes[i]! > this.#values[0]!) this.#sink(0, sizes[i]!, first + features[i]!);
      else return; // those that follow are no larger
    }
  }

  /** What is kept: above this, and at it before `end`. */
  get cutoff(): { threshold: number; end: number } {
    return { threshold: this.#values[0]!, end: this.#features[0]! + 1 };
  }

  #append(value: number, feature: number): void {
    let at = this.#count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#comesBefore(value, feature, parent)) break;
      this.#set(at, this.#values[parent]!, this.#features[parent]!);
      at = parent;
    }
    this.#set(at, value, feature);
  }

  #sink(start: number, value: number, feature: number): void {
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#count) break;
      const right = child + 1;
      if (
        right < this.#count &&
        this.#comesBefore(this.#values[right]!, this.#features[right]!, child)
      ) child = right;
      if (this.#comesBefore(value, feature, child)) break;
      this.#set(at, this.#values[child]!, this.#features[child]!);
      at = child;
    }
    this.#set(at, value, feature);
  }

  /** Whether a number is to leave before the one at a place: the lesser, then the higher feature. */
  #comesBefore(value: number, feature: number, at: number): boolean {
    const other = this.#values[at]!;
    return value < other || (value === other && feature > this.#features[at]!);
  }

  #set(at: number, value: number, feature: number): void {
    this.#values[at] = value;
    this.#features[at] = feature;
  }
}
