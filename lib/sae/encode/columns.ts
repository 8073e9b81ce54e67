/**
 * The activations of all questions, feature after feature: for statistics that need them side by side,
 * such as ranks. They come some features at a time, so that nobody holds all of them.
 *
 * @module
 */
import { FEATURE_STEP, type FeatureRange } from "../feature_rows.ts";

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

/** How many bytes of activations are handed over at a time, at most, but for those of 16 features. */
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
  const steps = Math.floor(bytes / (4 * Math.max(1, questions) * FEATURE_STEP));
  const most = FEATURE_STEP * Math.max(1, steps);
  for (let first = 0; first < featureCount; first += most) {
    yield { first, count: Math.min(most, featureCount - first) };
  }
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
