/**
 * A feature's encoder and a hidden state in float64, as a device's float32 is checked against.
 *
 * @module
 */
import { activationOf, type FeatureActivation } from "./activation.ts";
import { readRowsOf } from "./feature_rows.ts";
import { quickDot } from "./quick_dot.ts";
import type { Sae } from "./sae.ts";

/** A row of a matrix and its bias, in float64. */
export interface WeightRow {
  /** The row. */
  readonly weights: Float64Array;
  /** What is added to the product with it. */
  readonly bias: number;
  /** Its length, as a vector. */
  readonly length: number;
}

/** A feature's encoder, in float64. */
export interface Feature extends WeightRow {
  /** Its number. */
  readonly index: number;
  /** Its parameters of the activation. */
  readonly activation: FeatureActivation;
  /** What makes the number whose sigmoid p is multiplied with, if there is a second product. */
  readonly glu?: WeightRow | undefined;
}

/**
 * A feature's encoder.
 *
 * @param row Its row of W.
 * @param gluRow Its row of the second product's matrix, if there is one.
 * @param room Where its weights go.
 */
export function featureOf(
  { bias, activation, glu }: Pick<Sae, "bias" | "activation" | "glu">,
  index: number,
  row: Float32Array,
  gluRow?: Float32Array,
  { own, other }: FeatureRoom = {},
): Feature {
  return {
    index,
    ...weightRow(row, bias[index]!, own),
    activation: activationOf(activation, index),
    glu: gluRow && weightRow(gluRow, glu!.bias[index]!, other),
  };
}

/** Where the weights of a feature go that is looked at before the next, `[width]` each. */
export interface FeatureRoom {
  /** Those of W. Default: an array of their own. */
  readonly own?: Float64Array | undefined;
  /** Those of the second product. Default: an array of their own. */
  readonly other?: Float64Array | undefined;
}

function weightRow(
  row: Float32Array,
  bias: number,
  weights: Float64Array = new Float64Array(row.length),
): WeightRow {
  weights.set(row);
  return { weights, bias, length: Math.sqrt(quickDot(weights, weights)) };
}

/**
 * Reads the encoders of some features.
 *
 * @param room Where their weights go, one for each. Default: arrays of their own.
 * @throws {InputError} If a weight is damaged or not finite.
 */
export async function readFeatures(
  sae: Sae,
  indices: readonly number[],
  room: readonly Float64Array[] = [],
): Promise<Feature[]> {
  const { width } = sae;
  const rows = await readRowsOf(sae.rows, indices);
  const gluRows = sae.glu && await readRowsOf(sae.glu.rows, indices);
  return indices.map((index, i) => {
    const [start, end] = [i * width, (i + 1) * width];
    const [row, gluRow] = [rows, gluRows].map((some) => some?.subarray(start, end));
    return featureOf(sae, index, row!, gluRow, { own: room[i] });
  });
}

/** A feature whose threshold is that of a question. */
export function withThreshold(feature: Feature, threshold: number): Feature {
  return { ...feature, activation: { ...feature.activation, threshold } };
}

/** A hidden state, in float64. */
export interface State {
  /** Its numbers. */
  readonly values: Float64Array;
  /** Its length, as a vector. */
  readonly length: number;
}

/** A hidden state with its length. */
export function stateOf(values: Float64Array): State {
  return { values, length: Math.sqrt(quickDot(values, values)) };
}
