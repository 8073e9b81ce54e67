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
  /** By what the others are read, where all are looked at. */
  readonly elsewhere?: unknown;
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
 * top-k is held against all features, which it cannot read itself, where there is a second product or
 * pursuit, nor where states lie in a long file.
 */
export function canBeCheckedApart(input: EncodeInput): boolean {
  const { sae, hidden: { count, width, shared } } = input;
  const isOneProduct = sae.glu === undefined && sae.pursuit === undefined;
  return (!looksAtAll(sae) || sae.rows.elsewhere !== undefined) && isOneProduct &&
    featureGroups(sae) === undefined &&
    keptFeatures(input).count <= MOST_KEPT &&
    (shared !== undefined || 4 * count * width <= MOST_COPIED);
}

/** Whether a check goes through all rows of an encoder: of top-k, a question is held against them. */
export function looksAtAll({ activation: { threshold } }: Pick<Sae, "activation">): boolean {
  return typeof threshold === "object" && "k" in threshold;
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
    ...(looksAtAll(sae) && { elsewhere: rows.elsewhere }),
    encoded,
  };
}

/**
 * Checks an encoding.
 *
 * @param readAgain Reads rows by what they are `elsewhere`.
 * @throws {InputError} If these cannot be read, or have become others.
 */
export async function checkApart(
  { hidden: values, input, sae, features, rows, elsewhere, encoded }: CheckTask,
  readAgain?: (elsewhere: unknown) => Promise<FeatureRows>,
): Promise<CheckAnswer> {
  const hidden: Rows = rowsInMemory(values as Float32Array<ArrayBuffer>, sae.width);
  const others = elsewhere === undefined ? undefined : await readAgain?.(elsewhere);
  const picked = pickedRows(features, rows, { width: sae.width, others });
  const whole = { ...input, hidden, sae: { ...sae, rows: picked } };
  return {
    ...passStates(hidden),
    wrong: await findDisagreement(whole, encoded),
  };
}

/** The rows of an encoder of which some are there, and the others may be read. */
function pickedRows(
  features: readonly number[],
  rows: Float32Array<ArrayBuffer>,
  { width, others }: { width: number; others: FeatureRows | undefined },
): FeatureRows {
  const place = new Map(features.map((feature, i) => [feature, i]));
  return {
    width,
    isEvenlyRead: others?.isEvenlyRead,
    async read(first, count) {
      const from = place.get(first);
      const isThere = from !== undefined && features[from + count - 1] === first + count - 1;
      if (isThere) return rows.subarray(from * width, (from + count) * width);
      if (others !== undefined) return await others.read(first, count);
      throw new RangeError(`Features ${first} and ${count - 1} more are not there`);
    },
    release: (some) => {
      if (some.buffer !== rows.buffer) others?.release?.(some);
    },
  };
}
