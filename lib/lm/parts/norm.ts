/**
 * Norms of rows.
 *
 * @module
 */
import { float } from "../../compute/onnx_graph.ts";
import type { Part } from "../decoder.ts";

/** A norm: a part that has a name, `h.3.ln_1`. */
export type NormPart = Part & { readonly name: string };

/** What a norm divides by. */
export interface NormOptions {
  /** The length of a row. */
  readonly width: number;
  /** What is added to the variance, or to the mean square. */
  readonly epsilon: number;
}

/**
 * LayerNorm: (x − mean) / √(variance + ε) × weight + bias.
 *
 * @param name The name of its weights without a prefix.
 */
export function layerNorm(name: string, { width, epsilon }: NormOptions): NormPart {
  const [weight, bias] = [`${name}.weight`, `${name}.bias`];
  return {
    name,
    weights: new Map([[weight, [width]], [bias, [width]]]),
    build: (nodes, rows) =>
      nodes.node("LayerNormalization", [rows, nodes.weight(weight), nodes.weight(bias)], {
        attributes: { axis: -1, epsilon: float(epsilon) },
      }),
    bound(bounds, { each }) {
      bounds.reaches(`the squares in ${name}`, width * (2 * each) ** 2); // less their mean: twice
      return normed(width, bounds.greatest(weight), bounds.greatest(bias));
    },
  };
}

/** How an RMS norm stores its weight. */
export interface RmsNormOptions extends NormOptions {
  /** What is added to the stored weight: 1 in Gemma. Default: 0. */
  readonly offset?: 0 | 1 | undefined;
}

/**
 * RMS norm: x / √(mean(x²) + ε) × (weight + offset).
 *
 * @param name The name of its weight without a prefix.
 */
export function rmsNorm(name: string, options: RmsNormOptions): NormPart {
  const { width, epsilon, offset = 0 } = options;
  const weight = `${name}.weight`;
  return {
    name,
    weights: new Map([[weight, [width]]]),
    build(nodes, rows) {
      const stored = nodes.weight(weight);
      const scale = offset === 0 ? stored : nodes.node("Add", [stored, nodes.float32(offset)]);
      return nodes.node("SimplifiedLayerNormalization", [rows, scale], {
        attributes: { axis: -1, epsilon: float(epsilon) },
      });
    },
    bound(bounds, { each }) {
      bounds.reaches(`the squares in ${name}`, width * each ** 2);
      return normed(width, bounds.greatest(weight) + offset, 0);
    },
  };
}

/**
 * A row that a norm made has at most the length √width, before weight and bias: no number of it is
 * greater, and the sum of their magnitudes is at most √width times that.
 */
function normed(width: number, weight: number, bias: number): { each: number; sum: number } {
  return { each: Math.sqrt(width) * weight + bias, sum: width * (weight + bias) };
}
