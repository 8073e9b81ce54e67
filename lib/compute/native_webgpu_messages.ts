/**
 * What is said between the thread that tries onnxruntime-node's WebGPU and the one that asks.
 *
 * @module
 */
import type { WorkSpan } from "../base/work_log.ts";
import type { SessionAnswer, SessionCall } from "./session_thread_messages.ts";

/**
 * What the thread is told: to try it; something of a session that is made there after the trial; to give back what
 * the trial made; to give back all that is left, and to say so.
 */
export type TrialCall =
  | TrialRequest
  | { readonly session: SessionCall }
  | { readonly endTrial: true }
  | { readonly release: true };

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

/** What the thread says: how the trial went, an answer of a session, or that all is given back. */
export type TrialSaid =
  | TrialAnswer
  | { readonly session: SessionAnswer }
  | { readonly released: true };
