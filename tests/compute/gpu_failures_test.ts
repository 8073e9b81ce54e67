import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import { GpuLostError, GpuMemoryError } from "../../lib/compute/gpu_failures.ts";
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
