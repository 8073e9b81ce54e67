/**
 * Whether threads are to share the encoding of an analysis.
 *
 * @module
 */
import type { ComputeDevice } from "../compute/device.ts";
import { encodingThreadCount } from "../sae/encode/encoding_threads.ts";
import { isWorthThreads } from "../sae/encode/split_encoder.ts";

/** What an analysis computes, as far as that hangs on it: a plan, and its SAEs, have it. */
export interface EncodingWork {
  /** The questions. */
  readonly plan: { readonly sample: { readonly questions: { readonly length: number } } };
  /** The SAEs that are computed. */
  readonly computed: readonly {
    readonly shape: { readonly featureCount: number; readonly width: number };
  }[];
  /** Whether features are measured: all activations then come from one place. */
  readonly isMeasured: boolean;
}

/** Whether native code encodes on a CPU with cores for several threads, and more than one SAE is worth them. */
export function wantsEncodingThreads(
  { plan, computed, isMeasured }: EncodingWork,
  { gpu, runtime: { backend, threads } }: Pick<ComputeDevice, "gpu" | "runtime">,
): boolean {
  if (gpu !== undefined || backend !== "cpu" || isMeasured) return false;
  const questions = plan.sample.questions.length;
  const worth = computed.filter(({ shape: { featureCount: features, width } }) =>
    isWorthThreads({ questions, features, width })
  );
  return worth.length > 1 && encodingThreadCount(threads) > 0;
}
