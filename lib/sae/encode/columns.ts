/**
 * The activations of all questions, feature after feature: for statistics that need them side by side,
 * such as ranks. They come some features at a time, so that nobody holds all of them.
 *
 * @module
 */
import type { FeatureRange, FeatureRows } from "../feature_rows.ts";
import type { Activation } from "../activation.ts";
import type { Sae } from "../sae.ts";
import type { Cutoffs } from "../top_k.ts";

/** The activations of neighbouring features for all questions. */
export interface FeatureColumns extends FeatureRange {
  /** How many questions there are; they stand in the order of the hidden states. */
  readonly questions: number;
  /** The activations, `[count, questions]`: those of the first feature, then those of the next. */
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * A reduction that is handed all activations, some features at a time, the first features first. The
 * next ones are computed once it is done; the values are its own.
 */
export type ColumnsReduction = (columns: FeatureColumns) => void | Promise<void>;

/** How many bytes of activations are handed over at a time, at most, but for one feature's. */
export const COLUMN_BYTES: number = 64 * 2 ** 20;

/**
 * Cuts the features of an SAE into runs whose activations for all questions fit together.
 *
 * @param bytes Default: {@linkcode COLUMN_BYTES}.
 */
export function* columnRuns(
  featureCount: number,
  questions: number,
  bytes: number = COLUMN_BYTES,
): Generator<FeatureRange> {
  const most = Math.max(1, Math.floor(bytes / (4 * Math.max(1, questions))));
  const runs = Math.ceil(featureCount / most);
  for (let run = 0; run < runs; run++) { // as even as can be
    const first = Math.floor(run * featureCount / runs);
    yield { first, count: Math.floor((run + 1) * featureCount / runs) - first };
  }
}

/** Neighbouring features of an SAE, as an SAE of their own without targets. */
export function sliceSae(sae: Sae, { first, count }: FeatureRange): Sae {
  const { threshold, floor, scale, offset } = sae.activation;
  const own = (values: Float32Array<ArrayBuffer>) => values.subarray(first, first + count);
  const each = (values: Float32Array | undefined) => values?.subarray(first, first + count);
  const activation: Activation = {
    threshold: threshold instanceof Float32Array ? each(threshold) : threshold,
    floor,
    scale: each(scale),
    offset: each(offset),
  };
  const rows: FeatureRows = {
    width: sae.width,
    read: (from, many) => sae.rows.read(first + from, many),
  };
  return { ...sae, featureCount: count, rows, bias: own(sae.bias), activation, targets: [] };
}

/** Cutoffs by the numbers that the features of a slice have in it. */
export function sliceCutoffs(
  { thresholds, ends }: Cutoffs,
  { first, count }: FeatureRange,
): Cutoffs {
  return { thresholds, ends: ends.map((end) => Math.min(count, Math.max(0, end - first))) };
}

/** Activations `[questions, count]` turned round. */
export function columnsOf(
  values: Float32Array,
  { first, count }: FeatureRange,
  questions: number,
): FeatureColumns {
  const columns = new Float32Array(values.length);
  for (let question = 0; question < questions; question++) {
    const row = question * count;
    for (let feature = 0; feature < count; feature++) {
      columns[feature * questions + question] = values[row + feature]!;
    }
  }
  return { first, count, questions, values: columns };
}
