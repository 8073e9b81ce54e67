/**
 * The threads that encode the SAEs of an analysis.
 *
 * @module
 */
import type { ComputeDevice } from "../compute/device.ts";
import { EncodingThreads } from "../sae/encode/encoding_threads.ts";
import type { PlannedSae } from "./plan/planned_sae.ts";

/**
 * Threads for the SAEs of an analysis, of which none is started yet. Whoever asks for them closes them, by
 * `await using`.
 */
export function encodingThreadsFor(
  saes: readonly Pick<PlannedSae, "shape">[],
  { runtime: { threads } }: Pick<ComputeDevice, "runtime">,
): EncodingThreads {
  const kind = saes[0]?.shape.kind;
  const expected = kind === "unsupervised" ? undefined : kind; // AlignSAE's are of one kind
  return new EncodingThreads(threads, { expected });
}
