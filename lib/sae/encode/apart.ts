/**
 * What is computed of an encoding to check it, by a thread beside the one that encodes: it is handed
 * what it needs, and no function.
 *
 * @module
 */
import { type Rows, rowsInMemory } from "../../files/rows.ts";
import { type FeatureRows, readRowsOf } from "../feature_rows.ts";
import type { Sae } from "../sae.ts";
import { passStates } from "../state_pass.ts";
import { type Disagreement, sampleFeatures } from "./disagreement.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import { featureGroups } from "./feature_groups.ts";
import { keptFeatures } from "./kept_features.ts";
import { findDisagreement } from "./self_check.ts";

/** What was encoded, and what came of it. */
export interface CheckTask {
  /** The hidden states, rows first. */
  readonly hidden: Float32Array;
  /** How they were encoded. */
  readonly input: Omit<EncodeInput, "hidden" | "sae" | "columns" | "columnBytes" | "columnRoom">;
  /** The SAE but for its rows. */
  readonly sae: Omit<Sae, "rows">;
  /** The features whose rows are looked at, ascending. */
  readonly features: readonly number[];
  /** Their rows, one after the other. */
  readonly rows: Float32Array<ArrayBuffer>;
  /** What came of it. */
  readonly encoded: Encoded;
}

/** What was found. */
export interface CheckAnswer {
  /** The greatest magnitude in the hidden states. */
  readonly greatest: number;
  /** The mean squared distance of the hidden states from their mean. */
  readonly variance: number;
  /** The first value that is wrong; undefined if none is. */
  readonly wrong: Disagreement | undefined;
}

/** How many features may be kept for every question: their rows are handed over. */
const MOST_KEPT = 256;
/** How many bytes of hidden states are copied to be handed over; those that threads share are not. */
const MOST_COPIED = 64 * 2 ** 20;

/**
 * Whether an encoding can be checked by a thread that has but a few rows of the encoder: not where
 * top-k is held against all features, where there is a second product or pursuit, nor where states lie
 * in a long file.
 */
export function canBeCheckedApart(input: EncodeInput): boolean {
  const { sae, hidden: { count, width, shared } } = input;
  const { threshold } = sae.activation;
  const isTopK = typeof threshold === "object" && "k" in threshold;
  const isOneProduct = sae.glu === undefined && sae.pursuit === undefined;
  return !isTopK && isOneProduct && featureGroups(sae) === undefined &&
    keptFeatures(input).count <= MOST_KEPT &&
    (shared !== undefined || 4 * count * width <= MOST_COPIED);
}

/** What a thread is to be handed. */
export async function checkTask(input: EncodeInput, encoded: Encoded): Promise<CheckTask> {
  const { hidden, sae: { rows, ...sae }, columns: _, columnBytes: __, columnRoom: ___, ...how } =
    input;
  const kept = keptFeatures(input);
  const wanted = [
    ...sampleFeatures(sae.featureCount),
    ...Array.from({ length: kept.count }, (_, index) => kept.feature(index)),
  ];
  const features = [...new Set(wanted)].sort((a, b) => a - b);
  return {
    hidden: hidden.shared ?? hidden.read(0, hidden.count),
    input: how,
    sae,
    features,
    rows: await readRowsOf(rows, features),
    encoded,
  };
}

/** Checks an encoding. */
export async function checkApart(
  { hidden: values, input, sae, features, rows, encoded }: CheckTask,
): Promise<CheckAnswer> {
  const hidden: Rows = rowsInMemory(values as Float32Array<ArrayBuffer>, sae.width);
  const whole = { ...input, hidden, sae: { ...sae, rows: pickedRows(features, rows, sae.width) } };
  return {
    ...passStates(hidden),
    wrong: await findDisagreement(whole, encoded),
  };
}

/** The rows of an encoder of which only some are there. */
function pickedRows(
  features: readonly number[],
  rows: Float32Array<ArrayBuffer>,
  width: number,
): FeatureRows {
  const place = new Map(features.map((feature, i) => [feature, i]));
  return {
    width,
    read(first, count) {
      const from = place.get(first);
      const isThere = from !== undefined && features[from + count - 1] === first + count - 1;
      if (!isThere) throw new RangeError(`Features ${first} and ${count - 1} more are not there`);
      return Promise.resolve(rows.subarray(from * width, (from + count) * width));
    },
  };
}
