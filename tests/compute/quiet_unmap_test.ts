import assert from "node:assert/strict";
import { GpuLostError } from "../../lib/compute/gpu_failures.ts";
import { gpuTest } from "../support/gpu.ts";

gpuTest("Buffers of a lost device can be unmapped, and the loss is noticed", async (gpu) => {
  gpu.device.destroy();
  const buffer = gpu.device.createBuffer({
    label: "mapped",
    size: 16,
    usage: GPUBufferUsage.COPY_SRC,
    mappedAtCreation: true,
  });
  buffer.unmap();
  await assert.rejects(gpu.failures.check(), GpuLostError);
});
