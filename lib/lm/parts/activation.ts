/**
 * Activation functions by their names in `transformers`.
 *
 * @module
 */
import type { DecoderNodes } from "../nodes.ts";

/** An activation function: x Φ(x), exactly or by tanh, x σ(x), max(0, x). */
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

/**
 * Adds the nodes of an activation function. On WebGPU the exact GELU is ONNX Runtime's, whose erf is
 * right to 1.5e-7 (Abramowitz and Stegun 7.1.26): 5e-7 of GELU at most. A formula of single operators
 * that is right to float32 (erfc, Numerical Recipes 6.2) halves that, and takes 25 passes over the
 * widest values of a model where this takes one.
 */
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

/**
 * Adds the nodes of an activation function that keeps its digits where it is nearly shut: the tanh of
 * ONNX Runtime's own GELU is off by 2e-7 there, which a norm behind the MLP makes large (2e-5 of the
 * state in a Gemma). It takes more steps.
 */
export function preciseActivation(
  nodes: DecoderNodes,
  kind: ActivationKind,
  value: string,
): string {
  if (kind !== "gelu_tanh") return activation(nodes, kind, value);
  // x (1 + tanh u) / 2 = x / (1 + exp(−2u)), u = √(2/π) (x + 0.044715 x³)
  const slope = -2 * Math.sqrt(2 / Math.PI);
  const node = (operator: string, a: string, b: string) => nodes.node(operator, [a, b]);
  const square = node("Mul", value, value);
  const cubic = node("Mul", square, nodes.float32(slope * 0.044715));
  const exponent = node("Mul", value, node("Add", cubic, nodes.float32(slope)));
  const power = nodes.node("Exp", [exponent]);
  return node("Div", value, node("Add", power, nodes.float32(1)));
}

/** The greatest number on the way to an activation: GELU's approximation has a cube. */
export function activationBound(kind: ActivationKind, input: number): number {
  return kind === "gelu_tanh" ? Math.max(input, input ** 3) : input;
}
