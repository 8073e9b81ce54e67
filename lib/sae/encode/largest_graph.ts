/**
 * The ONNX graph that finds the largest p of each question among some features: native code goes
 * through all of them on all cores, and few are looked at here.
 *
 * @module
 */
import { OnnxGraph } from "../../compute/onnx_graph.ts";
import type { Feed } from "../../compute/ort_session.ts";
import type { LargestFeatures, TopK } from "../top_k.ts";
import { addLinearProduct } from "./linear_product.ts";

/** What onnx.proto calls float32. */
const FLOAT32 = 1;

/**
 * The graph. It gives the largest p of each question, the largest first and of equals the first, and which
 * features they are of, counted from the first of these.
 *
 * @param by What makes them large.
 * @param areFilledUp Whether the states are, and an input `counted` says how many there are. Default: no.
 */
export function buildLargestGraph(by: TopK["by"], areFilledUp = false): Promise<Uint8Array> {
  const graph = new OnnxGraph("largest");
  const weight = graph.input("weight", "float32", ["features", "width"]);
  const bias = graph.input("bias", "float32", ["features", 1]);
  const given = areFilledUp ? "states" : "questions";
  const hidden = graph.input("hidden", "float32", [given, "width"]);
  const counted = areFilledUp ? graph.input("counted", "int64", [1]) : undefined;
  const count = graph.input("count", "int64", [1]);
  const k = graph.input("k", "int64", [1]);
  const zero = graph.constant("zero", new BigInt64Array([0n]), [1]);
  const p = addLinearProduct(graph, { weight, bias, hidden, counted });
  const own = graph.node("Slice", [p, zero, count, zero]); // beyond them all is 0
  const size = by === "magnitude" ? graph.node("Abs", [own]) : own;
  graph.node("TopK", [graph.node("Transpose", [size]), k], {
    attributes: { axis: 1, largest: 1, sorted: 1 },
    output: "largest",
    others: ["places"],
  });
  // Whole numbers are exact in float32 up to 16,777,216.
  graph.node("Cast", ["places"], { attributes: { to: FLOAT32 }, output: "features" });
  graph.output("largest", "float32", ["questions", "k"]);
  graph.output("features", "float32", ["questions", "k"]);
  return graph.encode();
}

/** What the graph takes beside p's: how many features there are, and how many of them are wanted. */
export function largestFeeds(count: number, k: number): Record<"count" | "k", Feed> {
  const one = (value: number) => ({ data: BigInt64Array.of(BigInt(value)), shape: [1] });
  return { count: one(count), k: one(Math.min(k, count)) };
}

/**
 * Shows what the graph gave to what keeps the largest of each question.
 *
 * @param first The number of the first feature.
 */
export function offerLargest(
  questions: readonly LargestFeatures[],
  { largest, features }: Record<string, Float32Array<ArrayBuffer>>,
  first: number,
): void {
  const k = largest!.length / questions.length;
  questions.forEach((question, i) => {
    const [start, end] = [i * k, (i + 1) * k];
    question.offer(largest!.subarray(start, end), features!.subarray(start, end), first);
  });
}
