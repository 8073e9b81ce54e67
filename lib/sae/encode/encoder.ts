/**
 * The contract of a backend that encodes hidden states and reduces the activations on the way.
 *
 * A backend does not know which relation a group of questions is about, which layer the hidden
 * states are of, or what becomes of the reductions.
 *
 * @module
 */
import type { Rows } from "../../files/rows.ts";
import type { FeatureRange } from "../feature_rows.ts";
import type { Sae } from "../sae.ts";
import type { Cutoffs } from "../top_k.ts";
import type { Reductions } from "./reductions.ts";

/** Hidden states to encode, and how to reduce the activations. */
export interface EncodeInput {
  /** Hidden states, one a question; those of one group are neighbours. */
  readonly hidden: Rows;
  /** How many questions each group (relation) has; they add up to all questions. */
  readonly groupSizes: readonly number[];
  /** The SAE. */
  readonly sae: Sae;
  /** Activations above it are counted. */
  readonly threshold: number;
  /** Neighbouring features to keep for every question. Default: the SAE's targets. */
  readonly kept?: FeatureRange | undefined;
}

/** What encoding gives. */
export interface Encoded {
  /** The activations, reduced over the questions of each group. */
  readonly reductions: Reductions;
  /** The activation of every target for every question, `[questions, targets]`. */
  readonly keptActivations: Float32Array<ArrayBuffer>;
  /** What top-k came to; undefined of SAEs without. */
  readonly cutoffs?: Cutoffs | undefined;
}

/** A backend. Whoever makes it closes it, by `await using`. */
export interface Encoder extends AsyncDisposable {
  /** What runs: `wgsl`, or ONNX Runtime's build. */
  readonly backend: string;
  /**
   * Encodes hidden states.
   *
   * @throws {RangeError} If the hidden states, the groups and the SAE do not fit together.
   * @throws {InputError} If a weight is damaged or not finite, or the device fails.
   */
  encode(input: EncodeInput): Promise<Encoded>;
}

/** Makes sure that the parts of an input fit together. */
export function checkEncodeInput({ hidden, groupSizes, sae }: EncodeInput): void {
  const questions = groupSizes.reduce((total, size) => total + size, 0);
  const { count, width } = hidden;
  const { threshold } = sae.activation;
  if (typeof threshold === "object" && "k" in threshold) {
    const { k } = threshold;
    if (!(Number.isInteger(k) && k >= 1 && k <= sae.featureCount)) {
      throw new RangeError(`Cannot keep ${k} of ${sae.featureCount} features`);
    }
  }
  if (count === questions && width === sae.width && groupSizes.every((size) => size > 0)) return;
  throw new RangeError(
    `Cannot encode ${count} hidden states of width ${width}: groups of ${groupSizes.join(", ")} ` +
      `questions need ${questions} of width ${sae.width}`,
  );
}
