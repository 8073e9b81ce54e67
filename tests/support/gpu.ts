/** Tests that need WebGPU: skipped, and named, where there is no adapter; in CI that is a failure. */
import { findAdapter, openDevice } from "../../lib/compute/device.ts";
import type { Gpu } from "../../lib/compute/gpu.ts";

const adapter = await findAdapter();

/** Registers a test that gets a device of its own. */
export function gpuTest(name: string, test: (gpu: Gpu) => Promise<void>): void {
  Deno.test({
    name,
    ignore: adapter === null && Deno.env.get("CI") === undefined,
    fn: async () => {
      using device = await openDevice("gpu");
      await test(device.gpu!);
    },
  });
}

/** Whether WebGPU is there, or its absence is to be a failure. */
export const expectsGpu: boolean = adapter !== null || Deno.env.get("CI") !== undefined;

/** Lets a device say what it says itself when it has no memory. */
export function reportNoMemory({ device }: Gpu): void {
  const error = new GPUOutOfMemoryError("Not enough memory left.");
  device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error }));
}
