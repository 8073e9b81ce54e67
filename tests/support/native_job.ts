/**
 * Loads onnxruntime-node as a binary does, from libraries that are unpacked first, and computes with
 * it; prints the result, and the files of onnxruntime-node that the process has mapped. The argument,
 * if there is one, is the directory into which they are to be unpacked.
 */
import { OnnxGraph } from "../../lib/compute/onnx_graph.ts";
import { createOrtSession } from "../../lib/compute/ort_session.ts";
import { isWorker } from "../../lib/cli/confinement.ts";
import { loadNativeRuntime, unpackNativeRuntimeInto } from "../../lib/compute/native_runtime.ts";

const [directory] = Deno.args;
if (directory !== undefined) unpackNativeRuntimeInto(directory);
await loadNativeRuntime(true);
const graph = new OnnxGraph("sum");
const x = graph.input("x", "float32", [2]);
graph.output(graph.node("Add", [x, x], { output: "y" }), "float32", [2]);
const session = await createOrtSession({ backend: "cpu", threads: 2 }, await graph.encode());
const { y } = await session.run({ x: { data: Float32Array.of(1, 2), shape: [2] } });
await session.release();
console.log(JSON.stringify({ sum: [...y!], mapped: mappedFiles() }));

/** Deno itself may read /proc only with all permissions there are, and a worker starts nothing. */
function mappedFiles(): string[] {
  if (Deno.build.os !== "linux" || isWorker()) return [];
  const { stdout } = new Deno.Command("cat", { args: [`/proc/${Deno.pid}/maps`] }).outputSync();
  return [...new Set(new TextDecoder().decode(stdout).match(/\/\S*onnxruntime\S*/g))];
}
