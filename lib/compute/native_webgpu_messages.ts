/**
 * What is said between the thread that tries onnxruntime-node's WebGPU and the one that asks.
 *
 * @module
 */

/** What the thread is told. */
export interface TrialRequest {
  /** The directory that a binary's native libraries are unpacked into, if it is known. */
  readonly libraries: string | undefined;
}

/** What the thread answers. */
export interface TrialAnswer {
  /** What went wrong; undefined if the numbers are right. */
  readonly failure?: string | undefined;
}
