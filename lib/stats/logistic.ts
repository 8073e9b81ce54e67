/**
 * Logistic regression with a penalty on large weights.
 *
 * @module
 */

/** What tells a group from the rest: log odds = intercept + Σ coefficient · (value − mean)/deviation. */
export interface LogisticFit {
  /** The mean of each feature where it was fitted. */
  readonly means: number[];
  /** The population standard deviation of each, 1 where it is 0. */
  readonly deviations: number[];
  /** The intercept, which is not penalised. */
  readonly intercept: number;
  /** The coefficient of each feature. */
  readonly coefficients: number[];
  /** The sum of the log losses and half the penalty times the sum of squared coefficients. */
  readonly loss: number;
}

const MOST_STEPS = 200;
/** What is left of a diagonal number that is smaller than this share of it is rounding. */
const SINGULAR = 1e-14;
/** Of steps relative to the weights: of a smaller one the loss says no more than its rounding. */
const NEAR = 1e-6;
/** A smaller one changes nothing. */
const THERE = 1e-13;

/**
 * Fits a logistic regression by Newton's method; features are standardised first.
 *
 * @param features The activations of each feature, one a question.
 * @param inGroup Whether each question is in the group: 1 or true, 0 or false.
 * @param penalty The penalty on ½·Σ coefficient². Default: 1.
 * @throws {RangeError} If a side is empty.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fitLogistic, logOdds } from "@coact/coact";
 *
 * const feature = [2, 1.5, 0.1, 0, 0.2, 0];
 * const fit = fitLogistic([feature], [1, 1, 0, 0, 0, 0]);
 * assert(logOdds(fit, [feature], 0) > 0 && logOdds(fit, [feature], 3) < 0);
 * ```
 */
export function fitLogistic(
  features: readonly ArrayLike<number>[],
  inGroup: ArrayLike<number | boolean>,
  { penalty = 1 }: { penalty?: number } = {},
): LogisticFit {
  const n = inGroup.length;
  const labels = Float64Array.from({ length: n }, (_, i) => Number(inGroup[i]));
  const nIn = labels.reduce((sum, label) => sum + label, 0);
  if (nIn === 0 || nIn === n) {
    throw new RangeError(`Cannot fit a probe: ${nIn} of ${n} questions are in the group`);
  }
  const standard = features.map((values) => standardised(values, n));
  const columns = standard.map(({ column }) => column);
  let weights = new Float64Array(columns.length + 1); // the intercept last
  let loss = lossOf(columns, labels, weights, penalty);
  let before = Infinity;
  for (let step = 0; step < MOST_STEPS; step++) {
    const direction = newtonStep(columns, labels, weights, penalty);
    const size = lengthOf(direction) / (1 + lengthOf(weights));
    if (size <= NEAR) {
      // Whole steps: each is far shorter than the one before, until only rounding is left.
      weights = weights.map((weight, i) => weight - direction[i]!);
      if (size <= THERE || size > before / 2) break;
      before = size;
      continue;
    }
    let length = 1;
    let [next, nextLoss] = [weights, loss];
    do {
      next = weights.map((weight, i) => weight - length * direction[i]!);
      nextLoss = lossOf(columns, labels, next, penalty);
      length /= 2;
    } while (nextLoss > loss * (1 + 1e-14) && length > 1e-10);
    weights = next;
    loss = nextLoss;
  }
  return {
    means: standard.map(({ mean }) => mean),
    deviations: standard.map(({ deviation }) => deviation),
    intercept: weights[columns.length]!,
    coefficients: [...weights.subarray(0, columns.length)],
    loss: lossOf(columns, labels, weights, penalty),
  };
}

/**
 * The log odds of a question's being in the group: more than 0 if it rather is.
 *
 * @param features The activations of the fit's features, one a question.
 * @param question The question's place in these.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { logOdds } from "@coact/coact";
 *
 * const fit = { means: [1], deviations: [2], intercept: -1, coefficients: [3], loss: 0 };
 * assert.equal(logOdds(fit, [[1, 3]], 1), 2); // -1 + 3 · (3 - 1)/2
 * ```
 */
export function logOdds(
  { means, deviations, intercept, coefficients }: LogisticFit,
  features: readonly ArrayLike<number>[],
  question: number,
): number {
  return coefficients.reduce(
    (sum, coefficient, k) =>
      sum + coefficient * (features[k]![question]! - means[k]!) / deviations[k]!,
    intercept,
  );
}

function standardised(
  values: ArrayLike<number>,
  n: number,
): { mean: number; deviation: number; column: Float64Array } {
  let sum = 0;
  let isConstant = true;
  for (let i = 0; i < n; i++) {
    sum += values[i]!;
    isConstant &&= values[i] === values[0];
  }
  // The mean of equal values may differ from them by rounding, which would be taken for a deviation.
  const mean = isConstant ? values[0]! : sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2;
  const deviation = Math.sqrt(squares / n) || 1;
  const column = Float64Array.from({ length: n }, (_, i) => (values[i]! - mean) / deviation);
  return { mean, deviation, column };
}

function lengthOf(vector: Float64Array): number {
  return Math.hypot(...vector);
}

function oddsAt(columns: readonly Float64Array[], weights: Float64Array, i: number): number {
  let odds = weights[columns.length]!;
  for (let k = 0; k < columns.length; k++) odds += weights[k]! * columns[k]![i]!;
  return odds;
}

function lossOf(
  columns: readonly Float64Array[],
  labels: Float64Array,
  weights: Float64Array,
  penalty: number,
): number {
  let loss = 0;
  for (let i = 0; i < labels.length; i++) {
    const odds = (1 - 2 * labels[i]!) * oddsAt(columns, weights, i);
    loss += Math.max(0, odds) + Math.log1p(Math.exp(-Math.abs(odds)));
  }
  for (let k = 0; k < columns.length; k++) loss += penalty / 2 * weights[k]! ** 2;
  return loss;
}

/** The Hessian's inverse times the gradient. */
function newtonStep(
  columns: readonly Float64Array[],
  labels: Float64Array,
  weights: Float64Array,
  penalty: number,
): Float64Array {
  const size = columns.length + 1;
  const gradient = new Float64Array(size);
  const hessian = Array.from({ length: size }, () => new Float64Array(size));
  const row = new Float64Array(size).fill(1);
  for (let i = 0; i < labels.length; i++) {
    const p = 1 / (1 + Math.exp(-oddsAt(columns, weights, i)));
    for (let k = 0; k < columns.length; k++) row[k] = columns[k]![i]!;
    for (let k = 0; k < size; k++) {
      gradient[k]! += (p - labels[i]!) * row[k]!;
      for (let l = 0; l <= k; l++) hessian[k]![l]! += p * (1 - p) * row[k]! * row[l]!;
    }
  }
  for (let k = 0; k < columns.length; k++) {
    gradient[k]! += penalty * weights[k]!;
    hessian[k]![k]! += penalty;
  }
  return solve(hessian, gradient);
}

/**
 * Solves a symmetric system, of which the lower triangle is given, by Cholesky. Unknowns of which it says nothing,
 * as those of constant features without a penalty, are 0.
 */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i]![k]! * matrix[j]![k]!;
      if (i !== j) matrix[i]![j] = sum / matrix[j]![j]!;
      else matrix[i]![i] = sum > SINGULAR * matrix[i]![i]! ? Math.sqrt(sum) : Infinity;
    }
  }
  const x = right.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= matrix[i]![k]! * x[k]!;
    x[i]! /= matrix[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= matrix[k]![i]! * x[k]!;
    x[i]! /= matrix[i]![i]!;
  }
  return x;
}
