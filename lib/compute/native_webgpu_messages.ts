/**
 * What is said between the thread that tries onnxruntime-node's WebGPU and the one that asks.
 *
 * @module
 */
import type { WorkSpan } from "../base/work_log.ts";

/** What the thread is told: to try it, or to give back what the trial made. */
export type TrialCall = TrialRequest | { readonly release: true };

/** What is to be tried. */
export interface TrialRequest {
  /** The directory that a binary's native libraries are unpacked into, if it is known. */
  readonly libraries: string | undefined;
}

/** What the thread answers. */
export interface TrialAnswer {
  /** What went wrong; undefined if the numbers are right. */
  readonly failure?: string | undefined;
  /** What it did when. */
  readonly work?: readonly WorkSpan[] | undefined;
}

/** What the thread says: how the trial went, or that all is given back. */
export type TrialSaid = TrialAnswer | { readonly released: true };
