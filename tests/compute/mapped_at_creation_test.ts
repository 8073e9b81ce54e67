import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import { OnnxGraph } from "../../lib/compute/onnx_graph.ts";
import { createOrtSession } from "../../lib/compute/ort_session.ts";
import { gpuTest } from "../support/gpu.ts";

gpuTest(
  "A buffer that is mapped at creation holds what its ranges held, and zeros",
  async (gpu) => {
    const { COPY_SRC, MAP_WRITE } = GPUBufferUsage;
    const usage = COPY_SRC | MAP_WRITE;
    const buffer = gpu.device.createBuffer({ size: 32, usage, mappedAtCreation: true });
    new Float32Array(buffer.getMappedRange(0, 8)).set([1, 2]);
    new Float32Array(buffer.getMappedRange(24)).set([3, 4]);
    buffer.unmap();
    const [content] = await gpu.read([buffer]);
    buffer.destroy();
    assert.deepEqual([...content!], [1, 2, 0, 0, 0, 0, 3, 4]);
  },
);

gpuTest("ONNX Runtime uploads its weights through no mapped memory", async () => {
  const weights = Float32Array.from({ length: 4096 }, (_, index) => index);
  const graph = new OnnxGraph("sum");
  const data = { location: "w", offset: 0, length: weights.byteLength };
  const terms = [
    graph.input("x", "float32", ["count"]),
    graph.weight("w", "float32", [weights.length], data),
  ];
  graph.output(graph.node("Add", terms, { output: "y" }), "float32", [weights.length]);

  const { prototype } = GPUDevice;
  const { createBuffer } = prototype;
  let mapped = 0;
  prototype.createBuffer = function (description) {
    if (description.mappedAtCreation) mapped++;
    return createBuffer.call(this, description);
  };
  try {
    using device = await openDevice("gpu");
    const session = await createOrtSession(device.runtime, await graph.encode(), {
      folder: "",
      weights: new Map(),
      read: () => Promise.resolve([{ path: "w", data: new Uint8Array(weights.buffer) }]),
    });
    const { y } = await session.run({ x: { data: Float32Array.of(1), shape: [1] } });
    await session.release();
    assert.deepEqual(y, weights.map((weight) => weight + 1));
    assert.equal(mapped, 0, "buffers of Deno's that are mapped at creation");
  } finally {
    prototype.createBuffer = createBuffer;
  }
});
