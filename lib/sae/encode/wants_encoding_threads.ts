/**
 * Whether threads are to share the encoding of several SAEs.
 *
 * @module
 */
import type { ComputeDevice } from "../../compute/device.ts";
import { CHUNK_BYTES } from "../feature_ranges.ts";
import { encodingThreadCount } from "./encoding_threads.ts";
import { isWorthThreads } from "./split_encoder.ts";

/**
 * From so many cores on threads encode where features are measured. On two, where two threads measure, they took
 * 90 MiB and no less time; on four an eighth less.
 */
const CORES_TO_MEASURE = 4;

/** What is to be encoded. */
export interface EncodingWork {
  /** How many questions. */
  readonly questions: number;
  /** The sizes of the SAEs. */
  readonly shapes: readonly { readonly featureCount: number; readonly width: number }[];
  /** Whether features are measured: other threads have work then, too. */
  readonly isMeasured: boolean;
}

/**
 * Whether native code encodes on a CPU with cores for several threads, and more than one SAE is worth them, which
 * one is not that is read by range.
 */
export function wantsEncodingThreads(
  { questions, shapes, isMeasured }: EncodingWork,
  { gpu, runtime: { backend, threads } }: Pick<ComputeDevice, "gpu" | "runtime">,
): boolean {
  if (gpu !== undefined || backend !== "cpu") return false;
  if (isMeasured && threads < CORES_TO_MEASURE) return false;
  const worth = shapes.filter(({ featureCount: features, width }) =>
    4 * features * width <= CHUNK_BYTES && isWorthThreads({ questions, features, width })
  );
  return worth.length > 1 && encodingThreadCount(threads) > 0;
}
