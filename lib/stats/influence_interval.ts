/**
 * How sure an estimate is that persons' parts are known of.
 *
 * @module
 */
import type { Influence } from "./auroc_influence.ts";
import { studentQuantile } from "./t_tail.ts";
import type { Interval } from "./wilson.ts";

/**
 * The 95 % interval of an estimate: Student's t with as many degrees of freedom as there are persons,
 * less one; the variance is m/(m−1)·Σ part².
 *
 * @returns Null with fewer than two persons, or if no person moves the estimate: then nothing is known
 * of how much another person would.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { influenceInterval } from "@coact/coact";
 *
 * const found = influenceInterval({ estimate: 0.5, parts: Float64Array.of(0.01, -0.01, 0) });
 * assert.deepEqual(found?.map((end) => end.toFixed(3)), ["0.425", "0.575"]);
 * ```
 */
export function influenceInterval({ estimate, parts }: Influence): Interval | null {
  const persons = parts.length;
  const squares = parts.reduce((sum, part) => sum + part * part, 0);
  if (persons < 2 || squares === 0) return null;
  const half = studentQuantile(persons - 1) * Math.sqrt(persons / (persons - 1) * squares);
  return [estimate - half, estimate + half];
}
