/**
 * What is known of the GPUs of this machine, and which build of ONNX Runtime one gets.
 *
 * @module
 */
import { findAdapters } from "./find_adapter.ts";
import type { Gpu } from "./gpu.ts";
import { adapterName, isSoftwareAdapter } from "./gpu_adapter.ts";
import {
  chooseGpuRuntime,
  type GpuRuntimeChoice,
  type GpuRuntimeFacts,
  isWorthTrying,
} from "./gpu_runtime.ts";
import { hasNativeRuntime } from "./native_runtime.ts";
import { tryNativeWebGpu } from "./native_webgpu.ts";

/** Finds out what there is to be known, and chooses. */
export async function gpuRuntimeOf(
  { name, isSoftware }: Pick<Gpu, "name" | "isSoftware">,
): Promise<GpuRuntimeChoice> {
  const facts = await gpuFacts(name, isSoftware);
  const trial = isWorthTrying(facts) ? await tryNativeWebGpu() : undefined;
  return chooseGpuRuntime({ ...facts, trial });
}

/**
 * What bears on the choice, but for a trial.
 *
 * @param name The adapter that is used.
 * @param isSoftware Whether it is a program on the CPU.
 */
export async function gpuFacts(
  name: string,
  isSoftware: boolean,
): Promise<Omit<GpuRuntimeFacts, "trial">> {
  const others = isSoftware ? [] : await findAdapters();
  const names = others.filter((each) => !isSoftwareAdapter(each)).map(adapterName);
  return {
    isSoftware,
    hardware: [...new Set([name, ...names])],
    isNativeThere: hasNativeRuntime(),
  };
}
