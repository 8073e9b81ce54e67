/** Tests that need WebGPU: skipped, and named, where there is no adapter; in CI that is a failure. */
import { findAdapter } from "../../lib/compute/find_adapter.ts";
import { openDevice } from "../../lib/compute/device.ts";
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

/** What {@linkcode trackBuffers} counts. */
export interface TrackedBuffers {
  /** How many buffers were made. */
  made: number;
  /** How many were destroyed. */
  destroyed: number;
  /** The most bytes that were in buffers at a time. */
  mostBytes: number;
}

/** Counts the buffers of a device that were made and destroyed from here on. */
export function trackBuffers({ device }: Gpu): TrackedBuffers {
  const count = { made: 0, destroyed: 0, mostBytes: 0 };
  let bytes = 0;
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (description) => {
    const buffer = createBuffer(description);
    const destroy = buffer.destroy.bind(buffer);
    const { size } = buffer;
    count.made++;
    bytes += size;
    count.mostBytes = Math.max(count.mostBytes, bytes);
    buffer.destroy = () => {
      count.destroyed++;
      bytes -= size;
      destroy();
    };
    return buffer;
  };
  return count;
}
