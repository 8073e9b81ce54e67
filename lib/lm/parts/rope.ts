/**
 * Rotary positions: pairs of numbers of each head are turned by an angle that grows with the
 * position. The first half of the rotated part pairs with the second half; what is beyond it passes.
 *
 * Source: https://github.com/huggingface/transformers/blob/main/src/transformers/modeling_rope_utils.py
 *
 * @module
 */
import type { DecoderNodes } from "../nodes.ts";

/** How angles are made longer for prompts beyond those of training. */
export type RopeScaling =
  | { readonly type: "default" }
  | { readonly type: "linear"; readonly factor: number }
  | {
    readonly type: "llama3";
    readonly factor: number;
    readonly lowFrequencyFactor: number;
    readonly highFrequencyFactor: number;
    readonly originalPositions: number;
  };

/** The angles of a rope. */
export interface Rope {
  /** The base of the frequencies. */
  readonly theta: number;
  /** Over how many numbers of a head the exponents go; if it is odd, one more is rotated. */
  readonly dimension: number;
  /** What is done to the frequencies. */
  readonly scaling: RopeScaling;
}

/** Radians a position, for each pair: theta^(−2i / dimension), scaled. */
function frequencies({ theta, dimension, scaling }: Rope): Float64Array {
  return Float64Array.from({ length: Math.ceil(dimension / 2) }, (_, i) => {
    return scaled(theta ** (-2 * i / dimension), scaling);
  });
}

function scaled(frequency: number, scaling: RopeScaling): number {
  if (scaling.type === "default") return frequency;
  const { factor } = scaling;
  if (scaling.type === "linear") return frequency / factor;
  const { lowFrequencyFactor: low, highFrequencyFactor: high, originalPositions } = scaling;
  const wavelength = 2 * Math.PI / frequency;
  if (wavelength > originalPositions / low) return frequency / factor;
  if (wavelength < originalPositions / high) return frequency;
  const share = (originalPositions / wavelength - low) / (high - low);
  return frequency * ((1 - share) / factor + share);
}

/** Heads side by side in the rows of a value. */
export interface HeadRows {
  /** [nodes, heads × headSize]. */
  readonly rows: string;
  /** How many heads. */
  readonly heads: number;
  /** How many numbers each of them has. */
  readonly headSize: number;
}

/**
 * Adds the nodes that turn each head of each node by the node's position.
 *
 * @returns [nodes, heads × headSize].
 */
export function rotate(nodes: DecoderNodes, rope: Rope, value: HeadRows): string {
  const { rows, heads, headSize } = value;
  const half = Math.ceil(rope.dimension / 2);
  const each = nodes.reshape(rows, [-1, heads, headSize]);
  const [first, second] = [nodes.columns(each, 0, half), nodes.columns(each, half, 2 * half)];
  const cosine = turns(nodes, rope, "cos");
  const sine = turns(nodes, rope, "sin");
  const product = (a: string, b: string) => nodes.node("Mul", [a, b]);
  const parts = [
    nodes.node("Sub", [product(first, cosine), product(second, sine)]),
    nodes.node("Add", [product(second, cosine), product(first, sine)]),
  ];
  if (2 * half < headSize) parts.push(nodes.columns(each, 2 * half, headSize));
  const turned = nodes.node("Concat", parts, { attributes: { axis: -1 } });
  return nodes.reshape(turned, [-1, heads * headSize]);
}

/**
 * The cosine or sine of each node's angles, [nodes, 1, half]: rows of a table that goes as far as the
 * longest prompt, computed in float64, for in float32 large angles lose their digits.
 */
function turns(nodes: DecoderNodes, rope: Rope, name: "cos" | "sin"): string {
  const key = `${name}_${JSON.stringify(rope)}`;
  return nodes.once(key, () => {
    const angles = frequencies(rope);
    const half = angles.length;
    const table = new Float32Array(nodes.longest * half);
    for (let i = 0; i < table.length; i++) {
      table[i] = Math[name](Math.floor(i / half) * angles[i % half]!);
    }
    const stored = nodes.graph.constant(key, table, [nodes.longest, half]);
    const rows = nodes.node("Gather", [stored, nodes.positions]);
    return nodes.node("Unsqueeze", [rows, nodes.int64([1])]);
  });
}
