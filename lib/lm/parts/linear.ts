/**
 * A linear map: x W + b.
 *
 * @module
 */
import type { Bounds, Extent } from "../bounds.ts";
import type { Part } from "../decoder.ts";
import { float } from "../../compute/onnx_graph.ts";

/** Sizes of a linear map, and how it is stored. */
export interface LinearOptions {
  /** The length of a row. */
  readonly inputs: number;
  /** The length of a row of the result. */
  readonly outputs: number;
  /** Whether a bias is added. */
  readonly hasBias: boolean;
  /**
   * How the weight is stored: `[in, out]` as GPT-2's Conv1D, or `[out, in]` as PyTorch's Linear.
   * Default: `[out, in]`.
   */
  readonly order?: "[in, out]" | "[out, in]" | undefined;
}

/**
 * A linear map with the weights `<name>.weight` and, if it has a bias, `<name>.bias`.
 *
 * @param name The name of its weights without a prefix.
 */
export function linear(name: string, options: LinearOptions): Part {
  const { inputs, outputs, hasBias, order = "[out, in]" } = options;
  const isTransposed = order === "[out, in]";
  const weights = new Map([
    [`${name}.weight`, isTransposed ? [outputs, inputs] : [inputs, outputs]],
  ]);
  if (hasBias) weights.set(`${name}.bias`, [outputs]);
  return {
    weights,
    build(nodes, rows) {
      if (isTransposed) {
        const names = hasBias ? [`${name}.weight`, `${name}.bias`] : [`${name}.weight`];
        return nodes.node("Gemm", [rows, ...names.map((each) => nodes.weight(each))], {
          attributes: { transB: 1, alpha: float(1), beta: float(1) },
        });
      }
      const product = nodes.node("MatMul", [rows, nodes.weight(`${name}.weight`)]);
      return hasBias ? nodes.node("Add", [product, nodes.weight(`${name}.bias`)]) : product;
    },
    bound({ greatest }: Bounds, { sum }: Extent) {
      const bias = hasBias ? greatest(`${name}.bias`) : 0;
      const each = sum * greatest(`${name}.weight`) + bias; // all partial sums included
      return { each, sum: outputs * each };
    },
  };
}
