/** Computes with onnxruntime-node, and prints the result. */
import { OnnxGraph } from "../../lib/compute/onnx_graph.ts";
import { createOrtSession } from "../../lib/compute/ort_session.ts";

const graph = new OnnxGraph("sum");
const x = graph.input("x", "float32", [2]);
graph.output(graph.node("Add", [x, x], { output: "y" }), "float32", [2]);
const session = await createOrtSession({ backend: "cpu", threads: 2 }, graph.encode());
const { y } = await session.run({ x: { data: Float32Array.of(1, 2), shape: [2] } });
await session.release();
console.log(JSON.stringify({ sum: [...y!] }));
