import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import { gpuTest, trackBuffers } from "../support/gpu.ts";

const DOUBLE = `
@group(0) @binding(0) var<storage, read_write> values: array<f32>;
@compute @workgroup_size(1) fn double(@builtin(workgroup_id) id: vec3u) { values[id.x] *= 2.0; }
`;

gpuTest("Gpu uploads, runs and reads back several buffers at once", async (gpu) => {
  const first = gpu.uploaded("first", Float32Array.of(1, 2, 3, 4));
  const second = gpu.uploaded("second", Float32Array.of(5, 6, 7, 8));
  gpu.dispatch(await gpu.prepare("double", DOUBLE), [first], [4, 1]);
  const [doubled, untouched] = await gpu.read([first, second]);
  assert.deepEqual([...doubled!], [2, 4, 6, 8]);
  assert.deepEqual([...untouched!], [5, 6, 7, 8]);
  first.destroy();
  second.destroy();
});

gpuTest("Gpu compiles a shader once", async (gpu) => {
  const [once, again] = [gpu.prepare("double", DOUBLE), gpu.prepare("double", DOUBLE)];
  assert.equal(await once, await again);
});

gpuTest("Gpu tells the entry points of one source apart", async (gpu) => {
  const both = `${DOUBLE}
@compute @workgroup_size(1) fn triple(@builtin(workgroup_id) id: vec3u) { values[id.x] *= 3.0; }`;
  const buffer = gpu.uploaded("buffer", Float32Array.of(1, 2, 3, 4));
  gpu.dispatch(await gpu.prepare("double", both), [buffer], [4, 1]);
  gpu.dispatch(await gpu.prepare("triple", both), [buffer], [4, 1]);
  const [values] = await gpu.read([buffer]);
  buffer.destroy();
  assert.deepEqual([...values!], [6, 12, 18, 24]);
});

gpuTest("Gpu destroys a buffer that cannot be filled", async (gpu) => {
  const buffers = trackBuffers(gpu);
  const { queue } = gpu.device;
  queue.writeBuffer = () => {
    throw new Error("no room");
  };
  assert.throws(() => gpu.uploaded("data", new Float32Array(4)), /no room/);
  assert.throws(() => gpu.uniform("data", new ArrayBuffer(16)), /no room/);
  assert.deepEqual([buffers.made, buffers.destroyed], [2, 2]);
  await Promise.resolve();
});

gpuTest("Gpu makes a validation error fatal at the next readback", async (gpu) => {
  const buffer = gpu.storage("buffer", 16);
  const commands = gpu.device.createCommandEncoder();
  commands.copyBufferToBuffer(buffer, 0, buffer, 0, 16); // onto itself: not allowed
  gpu.device.queue.submit([commands.finish()]);
  await assert.rejects(gpu.read([buffer]), (error) => {
    assert(error instanceof InputError, String(error));
    assert(error.message.startsWith(`The GPU ${gpu.name} failed: `));
    assert(!error.message.includes("[object"), error.message);
    assert.match(error.message, /same buffer/, error.message);
    return true;
  });
  buffer.destroy();
});
