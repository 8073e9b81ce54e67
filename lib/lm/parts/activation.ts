/**
 * Activation functions by their names in `transformers`.
 *
 * @module
 */
import type { DecoderNodes } from "../nodes.ts";

/** An activation function: x Φ(x) in two ways, x σ(x), max(0, x). */
export type ActivationKind = "gelu" | "gelu_tanh" | "silu" | "relu";

/**
 * What the names stand for.
 * Source: https://github.com/huggingface/transformers/blob/main/src/transformers/activations.py
 */
export const ACTIVATIONS: Readonly<Record<ActivationName, ActivationKind>> = {
  gelu: "gelu",
  gelu_python: "gelu",
  gelu_new: "gelu_tanh",
  gelu_pytorch_tanh: "gelu_tanh",
  gelu_fast: "gelu_tanh",
  silu: "silu",
  swish: "silu",
  relu: "relu",
};

/** Activation functions that are implemented, by their names in `transformers`. */
export type ActivationName =
  | "gelu"
  | "gelu_python"
  | "gelu_new"
  | "gelu_pytorch_tanh"
  | "gelu_fast"
  | "silu"
  | "swish"
  | "relu";

/** Adds the nodes of an activation function. */
export function activation(nodes: DecoderNodes, kind: ActivationKind, value: string): string {
  switch (kind) {
    case "relu":
      return nodes.node("Relu", [value]);
    case "silu":
      return nodes.node("Mul", [value, nodes.node("Sigmoid", [value])]);
    default: {
      const approximate = kind === "gelu" ? "none" : "tanh";
      return nodes.node("Gelu", [value], { attributes: { approximate } });
    }
  }
}

/** The greatest number on the way to an activation: GELU's approximation has a cube. */
export function activationBound(kind: ActivationKind, input: number): number {
  return kind === "gelu_tanh" ? Math.max(input, input ** 3) : input;
}
