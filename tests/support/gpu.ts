/** Tests that need WebGPU: skipped, and named, where there is no adapter; in CI that is a failure. */
import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
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

/** Notes when the encoder's chunks are made on a device and when it is waited for: `chunk` and `wait`. */
export function watchChunks(gpu: Gpu): string[] {
  const events: string[] = [];
  const [storage, read] = [gpu.storage, gpu.read];
  gpu.storage = (label, byteLength) => {
    if (label === "encoder") events.push("chunk");
    return storage.call(gpu, label, byteLength);
  };
  gpu.read = (buffers) => {
    events.push("wait");
    return read.call(gpu, buffers);
  };
  return events;
}

/** Does something once, and then again and again with a buffer less that can be made: none is left ever. */
export async function failEachBuffer(gpu: Gpu, encode: () => Promise<unknown>): Promise<void> {
  const buffers = trackBuffers(gpu);
  const { device } = gpu;
  const createBuffer = device.createBuffer.bind(device);
  await encode();
  const all = buffers.made;
  assert(all > 0);
  for (let failing = 0; failing < all; failing++) {
    let made = 0;
    device.createBuffer = (description) => {
      if (made++ === failing) throw new InputError("no buffer");
      return createBuffer(description);
    };
    await assert.rejects(encode(), /no buffer/);
    assert.equal(buffers.destroyed, buffers.made, `of buffer ${failing}`);
  }
}
