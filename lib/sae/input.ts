/**
 * What becomes of a hidden state before it meets an SAE's encoder: steps from rows to rows, each of
 * which looks at one row at a time, in float64.
 *
 * A vector that is subtracted is none of the steps: W (x - v) + b = W x + (b - W v), see
 * `fold_bias.ts`.
 *
 * @module
 */
import type { Rows } from "../files/rows.ts";

/**
 * A step.
 *
 * - `centre`: x minus the mean of its numbers, as TransformerLens centres the residual stream.
 * - `layer_norm`: (x - mean) / (deviation + epsilon), where the deviation divides by n - 1: what
 *   SAELens, OpenAI and others do, unlike the layer norm of language models.
 * - `constant_norm`: x of the length sqrt(width); a row of zeros stays.
 * - `scale`: x times a number.
 */
export type InputStep =
  | { readonly kind: "centre" }
  | { readonly kind: "layer_norm"; readonly epsilon: number }
  | { readonly kind: "constant_norm" }
  | { readonly kind: "scale"; readonly factor: number };

/** What a step did to a row: y = (x - shift) factor. */
interface Change {
  shift: number;
  factor: number;
  /** What decoding multiplies with to get back. */
  back: number;
}

/** Takes a row through the steps, in place. */
export function prepareRow(steps: readonly InputStep[], row: Float64Array): void {
  for (const step of steps) apply(changeOf(step, row), row);
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
  const current = row.slice();
  const changes = steps.map((step) => {
    const change = changeOf(step, current);
    apply(change, current);
    return change;
  });
  for (const { shift, back } of changes.reverse()) {
    for (let i = 0; i < decoded.length; i++) decoded[i] = decoded[i]! * back + shift;
  }
}

/** Rows that go through the steps whenever they are read, rounded to float32 at the end. */
export function prepareRows(steps: readonly InputStep[], rows: Rows): Rows {
  if (steps.length === 0) return rows;
  const { count, width } = rows;
  return {
    count,
    width,
    read(first, count) {
      const values = rows.read(first, count).slice();
      const row = new Float64Array(width);
      for (let at = 0; at < values.length; at += width) {
        row.set(values.subarray(at, at + width));
        prepareRow(steps, row);
        values.set(row, at);
      }
      return values;
    },
  };
}

function changeOf(step: InputStep, row: Float64Array): Change {
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
      const factor = length === 0 ? 1 : Math.sqrt(row.length) / length;
      return { shift: 0, factor, back: 1 / factor };
    }
    case "scale":
      return { shift: 0, factor: step.factor, back: 1 / step.factor };
  }
}

function apply({ shift, factor }: Change, row: Float64Array): void {
  for (let i = 0; i < row.length; i++) row[i] = (row[i]! - shift) * factor;
}

function meanOf(row: Float64Array): number {
  return row.reduce((sum, x) => sum + x, 0) / row.length;
}

/** The standard deviation of a sample, which divides by n - 1; 0 for a single number. */
function deviationOf(row: Float64Array, mean: number): number {
  const squares = row.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, row.length - 1));
}
