/**
 * How many features two lists share, against lists drawn blindly.
 *
 * @module
 */

/** What two lists would share if they had nothing to do with each other. */
export interface ListOverlap {
  /** How many features they would share on average. */
  readonly expected: number;
  /** The standard deviation of that number. */
  readonly deviation: number;
  /** log10 of the probability that they share as many as they do, or more. */
  readonly log10Tail: number;
}

/**
 * The hypergeometric law of two lists of features. It takes the lists to be unrelated: features that
 * are always active are on every list, and are no sharing; compare with lists under shuffled labels.
 *
 * @param shared How many features are on both lists.
 * @param sizes How many features there are, and how many are on each list.
 * @throws {RangeError} If no lists could be so.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listOverlap } from "@coact/coact";
 *
 * const { expected, log10Tail } = listOverlap(3, { features: 10006, first: 50, second: 50 });
 * assert.equal(expected.toFixed(3), "0.250");
 * assert.equal(log10Tail.toFixed(3), "-2.710");
 * ```
 */
export function listOverlap(
  shared: number,
  { features, first, second }: { features: number; first: number; second: number },
): ListOverlap {
  const most = Math.min(first, second);
  const fewest = Math.max(0, first + second - features);
  const isPossible = Math.max(first, second) <= features && shared >= 0 && shared <= most;
  if (!isPossible) {
    throw new RangeError(
      `Cannot compare lists: ${first} and ${second} of ${features} features share at most ` +
        `${most}, current value is ${shared}`,
    );
  }
  const share = features === 0 ? 0 : second / features;
  // What is left of a list that is nearly all features is not taken from a rounded share.
  const variance = features < 2
    ? 0
    : first * share * ((features - second) / features) * ((features - first) / (features - 1));
  return {
    expected: first * share,
    deviation: Math.sqrt(variance),
    log10Tail: log10Tail(shared, { features, first, second, fewest, most }),
  };
}

/** Of neighbouring numbers of shared features, one is so many times as likely as the one below. */
function log10Tail(
  shared: number,
  { features, first, second, fewest, most }: {
    features: number;
    first: number;
    second: number;
    fewest: number;
    most: number;
  },
): number {
  if (shared <= fewest) return 0;
  const ratio = (k: number) =>
    (first - k + 1) * (second - k + 1) / (k * (features - first - second + k));
  // Relative to the probability of `shared`, of which the logarithm comes from the whole.
  let upper = 1;
  for (let k = shared + 1, term = 1; k <= most; k++) upper += term *= ratio(k);
  let lower = 0;
  let log10Scale = 0; // the lower terms may be too large: they are kept as multiples of 10^log10Scale
  for (let k = shared, term = 1; k > fewest; k--) {
    term /= ratio(k);
    lower += term;
    if (lower < 1e200) continue;
    term *= 1e-200;
    lower *= 1e-200;
    log10Scale += 200;
  }
  if (log10Scale === 0) {
    return upper > lower
      ? -Math.log1p(lower / upper) / Math.LN10
      : Math.log10(upper / (upper + lower));
  }
  return Math.log10(upper) - Math.log10(lower) - log10Scale; // beside 1e200, `upper` is nothing
}
