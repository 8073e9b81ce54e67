/**
 * p = weight hiddenᵀ + bias in an ONNX graph, the same bytes in each graph that has it.
 *
 * @module
 */
import type { NodeOptions, OnnxGraph } from "../../compute/onnx_graph.ts";

/**
 * Adds the nodes of p, `[features, questions]`. The bias is a node of its own, for ONNX Runtime spreads that
 * of a Gemm over the matrix, and goes through its result once more for an activation, on one core while the
 * others wait. Of 16 cores that is a sixth of the time, with runs of 5,000 features; with shorter ones it is
 * not seen.
 *
 * Source: https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/providers/cpu/math/gemm.cc
 *
 * @param inputs What the encoder's rows `[features, width]`, their biases `[features, 1]` and the hidden states
 * `[questions, width]` are called; and, where states were filled up, `counted`: how many are there, `[1]`.
 * @param options Of the last node.
 * @returns What p is called.
 */
export function addLinearProduct(
  graph: OnnxGraph,
  { weight, bias, hidden, counted }: LinearInputs,
  options: NodeOptions = {},
): string {
  const product = graph.node("Gemm", [weight, hidden], { attributes: { transB: 1 } });
  const own = counted === undefined ? product : firstColumns(graph, product, counted);
  return graph.node("Add", [own, bias], options);
}

/** What the inputs of p are called. */
export type LinearInputs =
  & Readonly<Record<"weight" | "bias" | "hidden", string>>
  & { readonly counted?: string | undefined };

function firstColumns(graph: OnnxGraph, product: string, counted: string): string {
  const [zero, one] = ["first_column", "axis_of_columns"].map((name, i) =>
    graph.constant(`${name}_of_${counted}`, BigInt64Array.of(BigInt(i)), [1])
  );
  return graph.node("Slice", [product, zero!, counted, one!]);
}
