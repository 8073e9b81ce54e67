/**
 * What is said between the thread that reads weights ahead and the one that asks.
 *
 * @module
 */
import type { ScannedWeight, StoredWeight } from "./weight_scan.ts";

/** What the thread is asked for. */
export interface ReadRequest {
  /** The weights. */
  readonly weights: readonly StoredWeight[];
  /** Whether their numbers are wanted, rather than only how large they are. */
  readonly wantsValues: boolean;
}

/** What the thread says of each weight, in order. */
export type ReadAnswer = ScannedWeight | { readonly name: string; readonly failure: string };
