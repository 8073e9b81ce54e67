/**
 * How sure the difference of two estimates is whose own intervals are known.
 *
 * G. Y. Zou and A. Donner, "Construction of confidence limits about effect measures: a general
 * approach", Statistics in Medicine 27 (2008); Newcombe's method of squares and sums. Unlike an interval
 * of the estimate plus and minus, it holds near the ends of what an AUROC can be.
 *
 * @module
 */
import type { Interval } from "./wilson.ts";

/** An estimate with its 95 % interval. */
export interface Estimated {
  /** The estimate. */
  readonly estimate: number;
  /** Its interval. */
  readonly interval: Interval;
}

/**
 * The 95 % interval of second − first.
 *
 * @param correlation How far the two go together: 0 for those of different persons.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { differenceInterval } from "@coact/coact";
 *
 * const first = { estimate: 0.7, interval: [0.6, 0.8] as const };
 * const second = { estimate: 0.9, interval: [0.8, 0.95] as const };
 * const [low, high] = differenceInterval(first, second, 0);
 * assert.equal(low.toFixed(3), "0.059");
 * assert.equal(high.toFixed(3), "0.312");
 * ```
 */
export function differenceInterval(
  first: Estimated,
  second: Estimated,
  correlation: number,
): Interval {
  const difference = second.estimate - first.estimate;
  const reach = (a: number, b: number) =>
    Math.sqrt(Math.max(0, a * a + b * b - 2 * correlation * a * b));
  const below = reach(
    second.estimate - second.interval[0],
    first.interval[1] - first.estimate,
  );
  const above = reach(
    second.interval[1] - second.estimate,
    first.estimate - first.interval[0],
  );
  return [difference - below, difference + above];
}
