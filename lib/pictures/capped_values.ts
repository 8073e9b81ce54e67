/**
 * Values for a scale on which the few strongest features do not leave all others in the dark.
 *
 * @module
 */
import { withCommas } from "./layer_picture.ts";

/** The share of the active features that keep their place on the scale. */
const KEPT = 0.95;

/** Values, none beyond the end of the scale. */
export interface CappedValues {
  /** `[rows, features]`. */
  readonly values: Float32Array | Float64Array;
  /** What a caption has to say of it; nothing if nothing is cut. */
  readonly notes: readonly string[];
}

/**
 * Cuts values at the magnitude that the greatest of 95 % of the active features does not exceed. In an
 * SAE of many features a few that are active everywhere are often a hundred times as strong as most.
 *
 * @param values `[rows, features]`, rows first.
 */
export function cappedValues(
  values: Float32Array | Float64Array,
  features: number,
): CappedValues {
  const greatest = new Float64Array(features);
  values.forEach((value, i) => {
    greatest[i % features] = Math.max(greatest[i % features]!, Math.abs(value));
  });
  const active = greatest.filter((size) => size > 0).sort();
  const end = active[Math.ceil(KEPT * active.length) - 1];
  const above = end === undefined ? 0 : active.length - active.findLastIndex((x) => x <= end) - 1;
  if (end === undefined || above === 0) return { values, notes: [] };
  return {
    values: values.map((value) => Math.max(-end, Math.min(end, value))),
    notes: [
      `the scale ends at ${Number(end.toPrecision(3))}: ${withCommas(above)} of ` +
      `${withCommas(active.length)} active features go beyond it and have its last colour`,
    ],
  };
}
