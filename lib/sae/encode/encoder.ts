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
import type { ColumnRoom, ColumnsReduction } from "./columns.ts";
import type { Disagreement } from "./disagreement.ts";
import type { Segmentation } from "./question_tiles.ts";
import type { ExtraReduction, Reductions } from "./reductions.ts";

/**
 * Hidden states to encode, and how to reduce the activations. The groups' sizes add up to all
 * questions.
 */
export interface EncodeInput extends Segmentation {
  /** Hidden states, one a question; those of one group are neighbours. */
  readonly hidden: Rows;
  /** The SAE. */
  readonly sae: Sae;
  /** Activations above it are counted. */
  readonly threshold: number;
  /**
   * Features to keep for every question: neighbours, or any in any order. Default: the SAE's targets.
   */
  readonly kept?: FeatureRange | readonly number[] | undefined;
  /** What to reduce besides sums, maxima and counts. Default: nothing. */
  readonly also?: readonly ExtraReduction[] | undefined;
  /** Is handed all activations, some features at a time. Default: nobody is. */
  readonly columns?: ColumnsReduction | undefined;
  /**
   * Whether these are all states, so that none lies beside others elsewhere whose features are to be the same
   * where the states are: few take less time so. Default: no.
   */
  readonly areAll?: boolean | undefined;
  /** How many bytes of activations it is handed at a time, at most. Default: 32 MiB. */
  readonly columnBytes?: number | undefined;
  /** Where they are written. Default: into new memory. */
  readonly columnRoom?: ColumnRoom | undefined;
}

/** What encoding gives. */
export interface Encoded {
  /** The activations, reduced over the questions of each segment. */
  readonly reductions: Reductions;
  /** The activation of every feature that is kept for every question, `[questions, kept]`. */
  readonly keptActivations: Float32Array<ArrayBuffer>;
  /** What top-k came to; undefined of SAEs without. */
  readonly cutoffs?: Cutoffs | undefined;
  /** What was found wrong on the way, by matching pursuit; undefined if nothing was. */
  readonly wrong?: Disagreement | undefined;
}

/** A backend. Whoever makes it closes it, by `await using`. */
export interface Encoder extends AsyncDisposable {
  /** What runs: `wgsl`, or ONNX Runtime's build. */
  readonly backend: string;
  /** How many questions it adds up in float32: work is divided after multiples of them. */
  readonly tileQuestions: number;
  /**
   * Encodes hidden states.
   *
   * @throws {RangeError} If the hidden states, the groups and the SAE do not fit together.
   * @throws {InputError} If a weight is damaged or not finite, or the device fails.
   */
  encode(input: EncodeInput): Promise<Encoded>;
}

/** Makes sure that the parts of an input fit together. */
export function checkEncodeInput(
  { hidden, groupSizes, segments, sae, kept }: EncodeInput,
): void {
  const questions = groupSizes.reduce((total, size) => total + size, 0);
  const { count, width } = hidden;
  const { threshold } = sae.activation;
  if (typeof threshold === "object" && "k" in threshold) {
    const { k } = threshold;
    if (!(Number.isInteger(k) && k >= 1 && k <= sae.featureCount)) {
      throw new RangeError(`Cannot keep ${k} of ${sae.featureCount} features`);
    }
  }
  if (segments !== undefined && segments.length !== groupSizes.length) {
    throw new RangeError(`Cannot put ${groupSizes.length} groups into ${segments.length} segments`);
  }
  const features = kept === undefined
    ? []
    : "first" in kept
    ? [kept.first, kept.first + Math.max(0, kept.count - 1)]
    : kept;
  const strange = features.find((feature) => !(feature >= 0 && feature < sae.featureCount));
  if (strange !== undefined) {
    throw new RangeError(`Cannot keep feature ${strange} of ${sae.featureCount}`);
  }
  if (count === questions && width === sae.width && groupSizes.every((size) => size > 0)) return;
  throw new RangeError(
    `Cannot encode ${count} hidden states of width ${width}: groups of ${groupSizes.join(", ")} ` +
      `questions need ${questions} of width ${sae.width}`,
  );
}
