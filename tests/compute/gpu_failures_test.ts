import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import { failureIn, GpuLostError, GpuMemoryError } from "../../lib/compute/gpu_failures.ts";
import { gpuTest, reportNoMemory } from "../support/gpu.ts";

gpuTest("GpuFailures.check() tells a device that was lost", async (gpu) => {
  const buffer = gpu.storage("buffer", 16);
  gpu.device.destroy(); // by someone else: to its owner that is a loss
  await assert.rejects(gpu.read([buffer]), (error) => {
    assert(error instanceof GpuLostError, String(error));
    assert(error.message.startsWith(`The GPU ${gpu.name} was lost: `), error.message);
    return true;
  });
});

gpuTest("GpuFailures.check() takes a device that was given back for no loss", async (gpu) => {
  gpu.destroy();
  await gpu.device.lost;
  await gpu.failures.check();
  assert.equal(await gpu.failures.causeOf("something else"), undefined);
});

gpuTest("GpuFailures.check() forgets a lack of memory once it has said so", async (gpu) => {
  reportNoMemory(gpu);
  await assert.rejects(gpu.failures.check(), GpuMemoryError);
  await gpu.failures.check();
});

gpuTest("GpuFailures.check() puts a loss before a lack of memory", async (gpu) => {
  reportNoMemory(gpu);
  gpu.device.destroy();
  await gpu.device.lost;
  await assert.rejects(gpu.failures.check(), GpuLostError);
});

gpuTest("A device that is opened after a loss computes", async (gpu) => {
  gpu.device.destroy();
  using again = await openDevice("gpu");
  const buffer = again.gpu!.uploaded("buffer", Float32Array.of(1, 2, 3, 4));
  assert.deepEqual([...(await again.gpu!.read([buffer]))[0]!], [1, 2, 3, 4]);
  buffer.destroy();
});

Deno.test("failureIn() tells what ONNX Runtime says of a GPU's memory and of its loss", () => {
  const kindOf = (message: string, isNative: boolean) =>
    failureIn(message, { name: "H200", isNative })?.constructor;
  for (
    const message of [
      "buffer_manager.cc:553 Failed to create GPU buffer: size=4096",
      "std::bad_alloc",
      "VK_ERROR_OUT_OF_DEVICE_MEMORY",
    ]
  ) {
    assert.equal(kindOf(message, false), GpuMemoryError, message);
    assert.equal(kindOf(message, true), GpuMemoryError, message);
  }
  // Of onnxruntime-web's device Deno says such things itself.
  const invalid = "WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid.";
  const gone = "Failed to download data from buffer. wgpu::MapAsyncStatus value: 3";
  assert.deepEqual([kindOf(invalid, true), kindOf(invalid, false)], [GpuMemoryError, undefined]);
  assert.deepEqual([kindOf(gone, true), kindOf(gone, false)], [GpuLostError, undefined]);
  assert.equal(kindOf("Non-zero status code returned while running Gemm node", true), undefined);
});
