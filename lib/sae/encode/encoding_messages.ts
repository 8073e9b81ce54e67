/**
 * What is said between a thread that encodes and the one that asks.
 *
 * @module
 */
import type { Sae } from "../sae.ts";
import type { FeatureColumns } from "./columns.ts";
import type { EncodeTask } from "./encode_task.ts";
import type { Encoded } from "./encoder.ts";

/** What the thread is told first. */
export interface EncodingSetup {
  /** How many threads ONNX Runtime computes with. */
  readonly threads: number;
  /** The directory that a binary's native libraries are unpacked into, if it is known. */
  readonly libraries: string | undefined;
}

/** Features to be encoded. */
export interface EncodeRequest {
  /** The hidden states, rows first; undefined if they are those of the request before. */
  readonly states: Float32Array | undefined;
  /** The SAE but for its rows. */
  readonly sae: Omit<Sae, "rows">;
  /** Its rows, at the beginning; they go back with the answer. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** How they are encoded. */
  readonly how: Omit<EncodeTask, "hidden" | "sae" | "cutoffs" | "into">;
  /** Memory for the activations of all features, where they are wanted. */
  readonly rooms: readonly Float32Array<ArrayBuffer>[] | undefined;
}

/** What the thread is asked for: its sessions are closed at the end. */
export type EncodingRequest = EncodeRequest | "close";

/** What it answers. */
export interface EncodingAnswer {
  /** What came of it; undefined of a request to close. */
  readonly encoded?: Encoded;
  /** The memory of the rows. */
  readonly weight?: Float32Array<ArrayBuffer>;
  /** The activations of all features, if they were wanted. */
  readonly columns?: readonly FeatureColumns[] | undefined;
}
