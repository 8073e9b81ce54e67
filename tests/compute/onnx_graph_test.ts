import assert from "node:assert/strict";
import { inputError } from "../support/input_errors.ts";
import { float, OnnxGraph } from "../../lib/compute/onnx_graph.ts";
import { createOrtSession } from "../../lib/compute/ort_session.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const RUNTIME = { backend: "cpu", threads: 1 } as const;

Deno.test("OnnxGraph.encode() gives a model that ONNX Runtime runs", async () => {
  const graph = new OnnxGraph("affine");
  const x = graph.input("x", "float32", ["rows", 2]);
  const weight = graph.constant("weight", Float32Array.of(1, 2, 3, 4), [2, 2]);
  const y = graph.node("Gemm", [x, weight], { attributes: { transB: 1, alpha: float(0.5) } });
  graph.output(y, "float32", ["rows", 2]);
  const session = await createOrtSession(RUNTIME, await graph.encode());
  const outputs = await session.run({ x: { data: Float32Array.of(2, 4, 6, 8), shape: [2, 2] } });
  assert.deepEqual([...outputs[y]!], [5, 11, 11, 25]); // half of [2 4; 6 8] [1 3; 2 4]
  await session.release();
});

Deno.test("OnnxGraph.weight() leaves the bytes in their file", async () => {
  using directory = new TemporaryDirectory();
  const values = Float32Array.of(-1, 10, 20, -1);
  directory.write("weights.bin", new Uint8Array(values.buffer));
  const graph = new OnnxGraph("external");
  const x = graph.input("x", "float32", [2]);
  const data = { location: "weights.bin", offset: 4, length: 8 };
  const weight = graph.weight("w", "float32", [2], data);
  graph.output(graph.node("Add", [x, weight], { output: "y" }), "float32", [2]);
  const session = await createOrtSession(RUNTIME, await graph.encode(), {
    folder: directory.path,
    weights: new Map(),
    read: () => Promise.resolve([]),
  });
  const { y } = await session.run({ x: { data: Float32Array.of(1, 2), shape: [2] } });
  assert.deepEqual([...y!], [11, 22]);
  await session.release();
});

Deno.test("createOrtSession() tells in one line that ONNX Runtime refuses a model", async () => {
  await assert.rejects(
    createOrtSession(RUNTIME, Uint8Array.of(1, 2, 3)),
    inputError(/^ONNX Runtime on cpu failed: .+; another --device may do$/),
  );
});
