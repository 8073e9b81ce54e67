/**
 * What a pool and its threads say to each other.
 *
 * @module
 */
import { InputError, type ProblemDetails } from "../base/errors.ts";
import type { WorkSpan } from "../base/work_log.ts";

/** What a pool tells a thread. */
export type Told =
  | { readonly setup: unknown }
  | { readonly watched: true }
  | { readonly id: number; readonly request: unknown };

/** What a thread says: that it is ready, or what came of a request. */
export type Said = { readonly ready: true } | Answered;

/** What came of a request. */
export interface Answered {
  /** The number of the request. */
  readonly id: number;
  /** The answer, if there is one. */
  readonly answer?: unknown;
  /** Why there is no answer. */
  readonly failure?: Failure;
  /** What the thread did since its last answer, if somebody watches. */
  readonly work?: readonly WorkSpan[];
}

/** An error, as it goes from one thread to another. */
export interface Failure {
  /** What is wrong. */
  readonly message: string;
  /** What is known of it if a user can mend it. */
  readonly details?: ProblemDetails;
}

/** What went wrong in a thread, as an error of this one. */
export function errorOf({ message, details }: Failure): Error {
  return details === undefined ? new Error(message) : new InputError(message, details);
}

/** An error, for another thread. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message } = error;
  if (!(error instanceof InputError)) return { message };
  return { message, details: { subject: error.subject, advice: error.advice } };
}
