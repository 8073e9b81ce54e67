/**
 * Which build of ONNX Runtime runs the language model on a GPU. onnxruntime-node brings a WebGPU of
 * its own (Dawn), whose session is made in half the time: on an H200 GPT-2 small takes 1.1 s there
 * and 2.0 s on Deno's WebGPU by onnxruntime-web, which is always there.
 *
 * @module
 */

/** What is known of the GPUs of a machine and of onnxruntime-node on it. */
export interface GpuRuntimeFacts {
  /** The names of the GPUs that are no programs on the CPU, the one to be used first. */
  readonly hardware: readonly string[];
  /** The one to be used is a program on the CPU. */
  readonly isSoftware: boolean;
  /** Whether onnxruntime-node is there. */
  readonly isNativeThere: boolean;
  /** What came of trying its WebGPU; undefined if it was not tried. */
  readonly trial?: { readonly failure?: string | undefined } | undefined;
}

/** A build of ONNX Runtime for a GPU, and why. */
export interface GpuRuntimeChoice {
  /** The build: `webgpu` is onnxruntime-web's, `webgpu-native` onnxruntime-node's. */
  readonly backend: "webgpu" | "webgpu-native";
  /** Why, for a reader; undefined where nothing else was to be expected. */
  readonly reason: string | undefined;
}

/**
 * Chooses. Without a trial the choice is onnxruntime-web, unless {@linkcode isWorthTrying}.
 *
 * - A program on the CPU: onnxruntime-web. Dawn refuses Mesa's.
 * - GPUs of several kinds: onnxruntime-web, for nobody says which of them Dawn takes, and the model
 *   and the SAEs are to run on one.
 * - onnxruntime-node is not there, or its WebGPU failed when it was tried: onnxruntime-web.
 * - Otherwise onnxruntime-node.
 */
export function chooseGpuRuntime(facts: GpuRuntimeFacts): GpuRuntimeChoice {
  const { hardware, isNativeThere, trial } = facts;
  const web = (why: string) =>
    ({
      backend: "webgpu",
      reason: `the language model runs on onnxruntime-web, for ${why}`,
    }) as const;
  if (facts.isSoftware) return { backend: "webgpu", reason: undefined };
  if (hardware.length > 1) return web(`there are several GPUs, ${hardware.join(" and ")}`);
  if (!isNativeThere) return web("onnxruntime-node is not there");
  if (trial === undefined) return web("onnxruntime-node's WebGPU was not tried");
  if (trial.failure !== undefined) {
    return web(`onnxruntime-node's WebGPU does not work (${trial.failure})`);
  }
  return {
    backend: "webgpu-native",
    reason: "the language model runs on onnxruntime-node's WebGPU",
  };
}

/** Whether the choice hangs on a trial of onnxruntime-node's WebGPU. */
export function isWorthTrying(facts: Omit<GpuRuntimeFacts, "trial">): boolean {
  return chooseGpuRuntime({ ...facts, trial: {} }).backend === "webgpu-native";
}
