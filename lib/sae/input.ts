/**
 * What becomes of a hidden state before it meets an SAE's encoder: steps from rows to rows, each of
 * which looks at one row at a time, in float64.
 *
 * b_dec is subtracted here, too, where an SAE subtracts it, though it could be folded into the bias:
 * W (x - b_dec) + b = W x + (b - W b_dec). Where b_dec is most of x, the float32 product of the
 * difference is several times as exact.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { Rows } from "../files/rows.ts";

/**
 * A step.
 *
 * - `centre`: x minus the mean of its numbers, as TransformerLens centres the residual stream.
 * - `layer_norm`: (x - mean) / (deviation + epsilon), where the deviation divides by n - 1: what
 *   SAELens, OpenAI and others do, unlike the layer norm of language models.
 * - `constant_norm`: x of the length sqrt(width). A row of zeros has none: its numbers become NaN, as
 *   they do in SAELens, and {@linkcode prepareRows} refuses it.
 * - `scale`: x times a number.
 * - `subtract`: x minus a vector, which the decoder adds again by itself: b_dec.
 */
export type InputStep =
  | { readonly kind: "centre" }
  | { readonly kind: "layer_norm"; readonly epsilon: number }
  | { readonly kind: "constant_norm" }
  | { readonly kind: "scale"; readonly factor: number }
  | { readonly kind: "subtract"; readonly vector: Float32Array };

/** What a step did to a row: y = (x - shift) factor. */
export interface Change {
  /** What was subtracted. */
  readonly shift: number;
  /** What was multiplied with. */
  readonly factor: number;
  /** What decoding multiplies with to get back. */
  readonly back: number;
}

/**
 * Takes a row through the steps, in place.
 *
 * @returns What the steps did that decoding undoes, in order.
 */
export function prepareRow(steps: readonly InputStep[], row: Float64Array): Change[] {
  const changes: Change[] = [];
  for (const step of steps) {
    if (step.kind === "subtract") {
      for (let i = 0; i < row.length; i++) row[i]! -= step.vector[i]!;
      continue;
    }
    const change = changeOf(step, row);
    for (let i = 0; i < row.length; i++) row[i] = (row[i]! - change.shift) * change.factor;
    changes.push(change);
  }
  return changes;
}

/**
 * Whether an SAE brings every state to one size by itself: it then sees nearly the same of a state before
 * and after a norm of the language model.
 */
export function normsStates(steps: readonly InputStep[]): boolean {
  return steps.some(({ kind }) => kind === "layer_norm" || kind === "constant_norm");
}

/**
 * A row as an SAE is given it: centred, where the language model's states first are that (`centre` is
 * a step of the states, not of the SAE), and else as it is.
 */
export function givenRow(steps: readonly InputStep[], row: Float64Array): Float64Array {
  if (steps[0]?.kind !== "centre") return row;
  const given = row.slice();
  prepareRow(steps.slice(0, 1), given);
  return given;
}

/**
 * Takes what a decoder made of a row back through the steps, in place: what was scaled is scaled
 * back, what was shifted is shifted back. The deviation is multiplied with as it is, without epsilon.
 *
 * @param row The row as it was before the first step.
 * @param decoded What the decoder gave.
 */
export function restoreRow(
  steps: readonly InputStep[],
  row: Float64Array,
  decoded: Float64Array,
): void {
  for (const { shift, back } of prepareRow(steps, row.slice()).reverse()) {
    for (let i = 0; i < decoded.length; i++) decoded[i] = decoded[i]! * back + shift;
  }
}

/**
 * Rows that go through the steps whenever they are read, rounded to float32 at the end. Reading one
 * of zeros that is to be given a length throws an {@linkcode InputError}.
 */
export function prepareRows(steps: readonly InputStep[], rows: Rows): Rows {
  if (steps.length === 0) return rows;
  const { count, width } = rows;
  return {
    count,
    width,
    read(first, count) {
      const values = rows.read(first, count).slice();
      for (let at = 0; at < values.length; at += width) {
        values.set(preparedRow(steps, values.subarray(at, at + width), first + at / width), at);
      }
      return values;
    },
  };
}

/**
 * A row that has gone through the steps, in float64.
 *
 * @param number Its number, for the message.
 * @throws {InputError} If it is all zeros and is to be given a length.
 */
export function preparedRow(
  steps: readonly InputStep[],
  values: Float32Array,
  number: number,
): Float64Array {
  const row = Float64Array.from(values);
  prepareRow(steps, row);
  if (Number.isNaN(row[0])) throw lengthless(number);
  return row;
}

function lengthless(row: number): InputError {
  return new InputError(
    `hidden state ${row} is all zeros: the SAE divides hidden states by their lengths, and its ` +
      "owner's library gives no number for one without a length; leave it out",
  );
}

function changeOf(step: Exclude<InputStep, { kind: "subtract" }>, row: Float64Array): Change {
  switch (step.kind) {
    case "centre":
      return { shift: meanOf(row), factor: 1, back: 1 };
    case "layer_norm": {
      const shift = meanOf(row);
      const deviation = deviationOf(row, shift);
      return { shift, factor: 1 / (deviation + step.epsilon), back: deviation };
    }
    case "constant_norm": {
      const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
      const factor = Math.sqrt(row.length) / length;
      return { shift: 0, factor, back: 1 / factor };
    }
    case "scale":
      return { shift: 0, factor: step.factor, back: 1 / step.factor };
  }
}

function meanOf(row: Float64Array): number {
  return row.reduce((sum, x) => sum + x, 0) / row.length;
}

/** The standard deviation of a sample, which divides by n - 1; 0 for a single number. */
function deviationOf(row: Float64Array, mean: number): number {
  const squares = row.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, row.length - 1));
}
