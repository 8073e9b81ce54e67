import assert from "node:assert/strict";
import { GpuLostError } from "../../lib/compute/gpu_failures.ts";
import { gpuTest } from "../support/gpu.ts";

gpuTest("Buffers of a lost device can be unmapped, and the loss is noticed", async (gpu) => {
  const { MAP_READ, COPY_DST } = GPUBufferUsage;
  const buffer = gpu.device.createBuffer({ label: "mapped", size: 16, usage: MAP_READ | COPY_DST });
  await buffer.mapAsync(GPUMapMode.READ);
  gpu.device.destroy();
  buffer.unmap();
  await assert.rejects(gpu.failures.check(), GpuLostError);
});

gpuTest("Uploads to a lost device throw nothing", (gpu) => {
  gpu.device.destroy();
  const usage = GPUBufferUsage.COPY_SRC;
  const buffer = gpu.device.createBuffer({ size: 16, usage, mappedAtCreation: true });
  new Float32Array(buffer.getMappedRange()).fill(1);
  buffer.unmap();
  return Promise.resolve();
});
