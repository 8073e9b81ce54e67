/**
 * How sure an AUROC is.
 *
 * @module
 */
import type { ClusteredVariance } from "./clustered_variance.ts";
import { studentQuantile } from "./t_tail.ts";
import { type Interval, wilsonInterval } from "./wilson.ts";

/**
 * The 95 % interval of an AUROC: on the logit scale, with Student's t of as many degrees of freedom as
 * there are persons on the smaller side, less one. Where no variance is seen (the group is told apart
 * without fault), it is Wilson's of that many persons.
 *
 * @returns Null for a feature that is constant, or with fewer than two persons on a side.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { aurocInterval, clusteredVariance } from "@coact/coact";
 *
 * const inGroup = [1, 0, 1, 0, 1, 0];
 * const persons = [0, 0, 1, 1, 2, 2];
 * const found = clusteredVariance([0.9, 0.1, 0.8, 0.4, 0.7, 0.5], { inGroup, persons });
 * const [low, high] = aurocInterval(found!)!;
 * assert.equal(high, 1);
 * assert.equal(low.toFixed(3), "0.139"); // three persons are few
 * ```
 */
export function aurocInterval(
  { auroc, variance, i10, i01, isConstant }: Pick<
    ClusteredVariance,
    "auroc" | "variance" | "i10" | "i01" | "isConstant"
  >,
): Interval | null {
  const persons = Math.min(i10, i01);
  if (isConstant || variance === null || persons < 2) return null;
  return logitInterval(auroc, variance, persons);
}

/** The interval of an AUROC whose variance is that of so many persons. */
export function logitInterval(auroc: number, variance: number, persons: number): Interval {
  const quantile = studentQuantile(persons - 1);
  if (variance === 0) return wilsonInterval(auroc, persons, quantile);
  const logit = Math.log(auroc / (1 - auroc));
  const half = quantile * Math.sqrt(variance) / (auroc * (1 - auroc));
  return [1 / (1 + Math.exp(half - logit)), 1 / (1 + Math.exp(-half - logit))];
}
