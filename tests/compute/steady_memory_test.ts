import assert from "node:assert/strict";
import { OnnxGraph } from "../../lib/compute/onnx_graph.ts";
import { createOrtSession } from "../../lib/compute/ort_session.ts";
import { withSteadyMemory } from "../../lib/compute/steady_memory.ts";

const PAGE = 65_536;

Deno.test("withSteadyMemory() makes shared memories as large as they may become, and no others", async () => {
  const { Memory } = WebAssembly;
  const [shared, own] = await withSteadyMemory(() =>
    Promise.resolve([
      new WebAssembly.Memory({ initial: 1, maximum: 3, shared: true }),
      new WebAssembly.Memory({ initial: 1, maximum: 3 }),
    ])
  );
  assert.equal(shared!.buffer.byteLength, 3 * PAGE);
  assert.equal(own!.buffer.byteLength, PAGE);
  assert.equal(WebAssembly.Memory, Memory);
});

Deno.test("ONNX Runtime's memory does not grow while its threads are at work", async () => {
  const { grow } = WebAssembly.Memory.prototype;
  let growths = 0;
  WebAssembly.Memory.prototype.grow = function (pages) {
    growths++;
    return grow.call(this, pages);
  };
  try {
    const graph = new OnnxGraph("sum");
    const x = graph.input("x", "float32", ["count"]);
    graph.output(graph.node("Add", [x, x], { output: "y" }), "float32", ["count"]);
    const session = await createOrtSession({ backend: "wasm", threads: 2 }, await graph.encode());
    const data = new Float32Array(2 ** 24).fill(1); // 64 MiB: four times what it begins with
    const { y } = await session.run({ x: { data, shape: [data.length] } });
    await session.release();
    assert.equal(y![data.length - 1], 2);
    assert.equal(growths, 0);
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
});
