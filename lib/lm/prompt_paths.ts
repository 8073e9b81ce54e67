/**
 * How a graph goes from the nodes of a batch to its prompts and back. What a node is,
 * `prompt_batches.ts` says.
 *
 * @module
 */
import type { OnnxGraph } from "../compute/onnx_graph.ts";

/** The inputs of a graph that describe a batch, and the rows that they pick. */
export class PromptPaths {
  /** The token of each node, int32 [nodes]. */
  readonly tokens: string;
  /** The position of each node, int32 [nodes]. */
  readonly positions: string;
  #graph: OnnxGraph;
  #width: number;
  #paths: string;
  #firsts: string;
  #last: string;
  #constants = new Map<string, string>();

  /**
   * Declares the inputs.
   *
   * @param width The length of a row (d_model).
   */
  constructor(graph: OnnxGraph, width: number) {
    this.#graph = graph;
    this.#width = width;
    this.tokens = graph.input("tokens", "int32", ["nodes"]);
    this.positions = graph.input("positions", "int32", ["nodes"]);
    this.#firsts = graph.input("firsts", "int32", ["nodes"]);
    this.#paths = graph.input("paths", "int32", ["prompts", "time"]);
    const end = graph.constant("end", new BigInt64Array([-1n]), []);
    this.#last = graph.node("Gather", [this.#paths, end], { attributes: { axis: 1 } });
  }

  /**
   * From [nodes, parts × width] to [prompts, time, width]: one part of each node, at each token of
   * each prompt.
   */
  ofTokens(value: string, part: number, parts: number): string {
    return this.#pick(value, this.#paths, part, parts);
  }

  /** From [nodes, parts × width] to [prompts, width]: one part, at each prompt's last token. */
  ofLastTokens(value: string, part: number = 0, parts: number = 1): string {
    return this.#pick(value, this.#last, part, parts);
  }

  /** From [prompts, time, width] back to [nodes, width]. */
  ofNodes(value: string): string {
    return this.#graph.node("Gather", [this.rows(value), this.#firsts]);
  }

  /** A value as [rows, width], whatever its shape. */
  rows(value: string): string {
    return this.#graph.node("Reshape", [value, this.#int64([-1, this.#width], [2])]);
  }

  /** From [prompts, width] to [prompts, 1, width]. */
  asSequences(value: string): string {
    return this.#graph.node("Unsqueeze", [value, this.#int64([1], [1])]);
  }

  /** The parts of a node lie side by side, so that they are neighbouring rows of `width`. */
  #pick(value: string, nodes: string, part: number, parts: number): string {
    if (parts === 1) return this.#graph.node("Gather", [value, nodes]);
    const first = this.#graph.node("Mul", [nodes, this.#int32(parts)]);
    const row = this.#graph.node("Add", [first, this.#int32(part)]);
    return this.#graph.node("Gather", [this.rows(value), row]);
  }

  #int32(value: number): string {
    return this.#constant(`int32_${value}`, Int32Array.of(value), []);
  }

  #int64(values: readonly number[], shape: readonly number[]): string {
    return this.#constant(`int64_${values.join("_")}`, BigInt64Array.from(values, BigInt), shape);
  }

  #constant(name: string, data: Int32Array | BigInt64Array, shape: readonly number[]): string {
    const known = this.#constants.get(name) ?? this.#graph.constant(name, data, shape);
    this.#constants.set(name, known);
    return known;
  }
}
