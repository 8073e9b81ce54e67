/**
 * What is said between the thread of a session and the one that asks.
 *
 * @module
 */
import type { Advice } from "../base/advice.ts";
import type { OrtBackend } from "./ort_backend.ts";
import type { Feed } from "./ort_session.ts";

/** What the thread makes a session of. */
export interface SessionRequest {
  /** The build of ONNX Runtime: native code, which takes weights from files. */
  readonly backend: Extract<OrtBackend, "cpu" | "webgpu-native">;
  /** How many threads compute. */
  readonly threads: number;
  /** See `OrtRuntime`. */
  readonly spins?: boolean | undefined;
  /** The bytes of an ONNX model. */
  readonly model: Uint8Array;
  /** The folder in which its weights' files are looked for. */
  readonly folder: string;
  /** The directory that a binary's native libraries are unpacked into, if it is known. */
  readonly libraries: string | undefined;
}

/** What the thread is told of a session, which has a number of the asker's choice. */
export type SessionCall =
  & { readonly of: number }
  & (
    | { readonly open: SessionRequest }
    | { readonly feeds: Readonly<Record<string, Feed>> }
    | { readonly release: true }
  );

/** What it answers to each, in order. */
export type SessionAnswer =
  | { readonly outputs?: Record<string, Float32Array<ArrayBuffer>> }
  | { readonly failure: string; readonly advice?: Advice | undefined };
