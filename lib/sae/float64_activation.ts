/**
 * An activation in float64, and how far float32 may be off.
 *
 * @module
 */
import { SMALLEST_FLOAT32 } from "../tensors/magnitude.ts";
import { activate, type FeatureActivation } from "./activation.ts";
import { quickDot } from "./quick_dot.ts";
import type { Feature, State, WeightRow } from "./float64_feature.ts";
import { sigmoid } from "./sigmoid.ts";

/** The most by which float32 rounds, as a fraction of a number. */
export const ROUNDING: number = 2 ** -24;
/**
 * How many roundings of all terms' magnitudes together are allowed at least. Roundings point this way
 * and that, so that their sum grows as the square root of their number: 64 are more than twice what
 * a width of 768 gives. A wrong term is off by thousands.
 */
const LEAST_ROUNDINGS = 64;

/** An activation, and between what it may lie in float32. */
export interface ExactActivation {
  /** In float64. */
  readonly z: number;
  /** The least that float32 may give. */
  readonly low: number;
  /** The most that float32 may give. */
  readonly high: number;
}

/**
 * The activation of a feature, and a range for float32 that is quick to find: a few roundings of the
 * product of the lengths of state and weights, which no sum of products passes. It is at times too
 * narrow, where many roundings point the same way: {@linkcode exactActivation} decides then.
 */
export function quickActivation(feature: Feature, state: State): ExactActivation {
  return between(feature.activation, multiplied(feature, state, quickProduct));
}

/** A number, and by how much float32 may be off. */
interface Product {
  p: number;
  tolerance: number;
}

function quickProduct(row: WeightRow, { values, length }: State): Product {
  const { weights, bias } = row;
  const product = row.length * length;
  const tolerance = ROUNDING * LEAST_ROUNDINGS * (product + Math.abs(bias)) + lost(row, length);
  return { p: quickDot(weights, values) + bias, tolerance };
}

/** p of a feature; where there is a second product, times its sigmoid, which rises by 1/4 at most. */
function multiplied(feature: Feature, state: State, product: typeof quickProduct): Product {
  const own = product(feature, state);
  if (feature.glu === undefined) return own;
  const other = product(feature.glu, state);
  const factor = sigmoid(other.p);
  const p = own.p * factor;
  const tolerance = own.tolerance + (Math.abs(own.p) + own.tolerance) * other.tolerance / 4 +
    4 * ROUNDING * Math.abs(p) + SMALLEST_FLOAT32;
  return { p, tolerance };
}

/** What may be lost where numbers below the smallest normal one are taken for 0. */
function lost({ weights, length }: WeightRow, stateLength: number): number {
  const count = weights.length;
  return SMALLEST_FLOAT32 * (count + 2 + Math.sqrt(count) * (length + stateLength));
}

/**
 * The activation of a feature.
 *
 * Float32 may be off, by the size of what is added up, not of the result: where terms cancel, their
 * roundings stay. In whatever order they are added, the roundings of n terms come to some sqrt(n) of
 * the sum of the magnitudes. In the order of the depth, which the backends follow, they come to at
 * most n of the largest sum on the way, even if all point the same way. To that comes what is lost
 * where GPUs take numbers below the smallest normal one for 0.
 */
export function exactActivation(feature: Feature, state: State): ExactActivation {
  return between(feature.activation, multiplied(feature, state, exactProduct));
}

function exactProduct(row: WeightRow, { values, length }: State): Product {
  const { weights, bias } = row;
  const count = weights.length;
  let sum = 0;
  let magnitudes = 0;
  let peak = 0;
  for (let i = 0; i < count; i++) {
    const term = weights[i]! * values[i]!;
    sum += term;
    magnitudes += Math.abs(term);
    const reached = Math.abs(sum);
    if (reached > peak) peak = reached;
  }
  const p = sum + bias;
  const roundings = Math.max(LEAST_ROUNDINGS, 2 * Math.sqrt(count));
  const tolerance = ROUNDING * (roundings * (magnitudes + Math.abs(bias)) + count * peak) +
    lost(row, length);
  return { p, tolerance };
}

/** What an activation makes of p, if p may be off. */
function between(activation: FeatureActivation, { p, tolerance }: Product): ExactActivation {
  const { threshold, byMagnitude, scale, offset, floor } = activation;
  const z = activate(activation, p);
  const size = byMagnitude ? Math.abs(p) : p;
  if (threshold !== undefined && !(size + tolerance > threshold)) return { z, low: z, high: z };
  const exact = scale * p + offset;
  const above = floor === undefined ? exact : Math.max(floor, exact);
  const slack = Math.abs(scale) * tolerance +
    4 * ROUNDING * (Math.abs(scale * p) + Math.abs(offset)) + SMALLEST_FLOAT32;
  const [low, high] = [above - slack, above + slack];
  // At its threshold a feature may be on or off.
  if (threshold === undefined || size - tolerance > threshold) return { z, low, high };
  return { z, low: Math.min(0, low), high: Math.max(0, high) };
}
