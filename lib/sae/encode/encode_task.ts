/**
 * What a backend does at a time.
 *
 * @module
 */
import type { FeatureRange } from "../feature_rows.ts";
import type { Cutoffs } from "../top_k.ts";
import type { ColumnPieces } from "./columns.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";

/** A piece of work. Its hidden states have gone through the SAE's input steps. */
export interface EncodeTask
  extends Omit<EncodeInput, "columns" | "columnBytes" | "columnRoom" | "kept"> {
  /** What is kept for every question. */
  readonly kept: FeatureRange;
  /** What top-k comes to, if that is known already. */
  readonly cutoffs?: Cutoffs | undefined;
  /**
   * Where the activations of all features go, whose keeping is not asked for then. Default: what is kept
   * goes into `keptActivations`.
   */
  readonly into?: ColumnPieces | undefined;
}

/** A backend. */
export type EncodeBackend = (task: EncodeTask) => Promise<Encoded>;
