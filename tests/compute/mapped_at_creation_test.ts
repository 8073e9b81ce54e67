import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { OnnxGraph } from "../../lib/compute/onnx_graph.ts";
import { createOrtSession } from "../../lib/compute/ort_session.ts";
import { REFERENCE } from "../support/fixtures.ts";
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

  const seen = await watched(async () => {
    using device = await openDevice("gpu");
    const session = await createOrtSession(device.runtime, await graph.encode(), {
      folder: "",
      weights: new Map(),
      read: () => Promise.resolve([{ path: "w", data: new Uint8Array(weights.buffer) }]),
    });
    const { y } = await session.run({ x: { data: Float32Array.of(1), shape: [1] } });
    await session.release();
    assert.deepEqual(y, weights.map((weight) => weight + 1));
  });
  assert.deepEqual(seen, { mappedAtCreation: 0, rangesNotToRead: 0, rangesToRead: 1 });
});

gpuTest(
  "An analysis maps what it reads back, and nothing else, ONNX Runtime's part included",
  async () => {
    const plan = await planAnalysis({
      lmModel: `${REFERENCE}/lm`,
      saeDirectory: `${REFERENCE}/sae`,
      questionFile: `${REFERENCE}/qa/qa_test_id.jsonl`,
      layers: [0, 1],
      samplesPerRelation: 1,
      threshold: 0.1,
    });
    const seen = await watched(async () => {
      using device = await openDevice("gpu");
      const layers = await Array.fromAsync(analyzeLayers(plan, device));
      assert.equal(layers.length, 2);
    });
    assert.deepEqual([seen.mappedAtCreation, seen.rangesNotToRead], [0, 0]);
    assert(seen.rangesToRead >= 3, "states of the model, and results of two SAEs");
  },
);

/** What was asked of Deno itself. */
interface Seen {
  /** Buffers that were mapped at creation. */
  mappedAtCreation: number;
  /** Ranges of buffers that are not for reading: Deno reads these, too. */
  rangesNotToRead: number;
  /** Ranges of buffers that are. */
  rangesToRead: number;
}

/** Counts what is asked of Deno's own classes meanwhile, whoever asks. */
async function watched(work: () => Promise<void>): Promise<Seen> {
  const [device, buffer] = [GPUDevice.prototype, GPUBuffer.prototype];
  const [{ createBuffer }, { getMappedRange }] = [device, buffer];
  const seen: Seen = { mappedAtCreation: 0, rangesNotToRead: 0, rangesToRead: 0 };
  device.createBuffer = function (description) {
    if (description.mappedAtCreation) seen.mappedAtCreation++;
    return createBuffer.call(this, description);
  };
  buffer.getMappedRange = function (...range) {
    if (this.usage & GPUBufferUsage.MAP_READ) seen.rangesToRead++;
    else seen.rangesNotToRead++;
    return getMappedRange.apply(this, range);
  };
  try {
    await work();
    return seen;
  } finally {
    device.createBuffer = createBuffer;
    buffer.getMappedRange = getMappedRange;
  }
}
