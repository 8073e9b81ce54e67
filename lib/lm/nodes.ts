/**
 * What the parts of a decoder build their nodes with: an ONNX graph, the model's weights, and the
 * inputs that say which tokens there are.
 *
 * @module
 */
import type { ElementType } from "../compute/onnx_schema.ts";
import { type NodeOptions, OnnxGraph } from "../compute/onnx_graph.ts";
import type { SessionWeight } from "../compute/session_weights.ts";

/** What goes into a graph besides its nodes. */
export interface DecoderNodesOptions {
  /** What the graph is called in ONNX Runtime's messages. */
  readonly name: string;
  /** A weight by its name without a prefix, as the graph is to declare it. */
  readonly weight: (name: string) => SessionWeight;
  /** How many tokens the longest prompt has. */
  readonly longest: number;
}

/** A decoder's graph under construction. Values are handed around by name. */
export class DecoderNodes {
  /** The graph itself. */
  readonly graph: OnnxGraph;
  /** The token of each node, int32 [nodes]. */
  readonly tokens: string;
  /** The position of each node, int32 [nodes]. */
  readonly positions: string;
  /** How many tokens the longest prompt has. */
  readonly longest: number;
  #weight: (name: string) => SessionWeight;
  #known = new Map<string, string>();

  /** Begins a graph with the inputs `tokens` and `positions`. */
  constructor({ name, weight, longest }: DecoderNodesOptions) {
    this.graph = new OnnxGraph(name);
    this.tokens = this.graph.input("tokens", "int32", ["nodes"]);
    this.positions = this.graph.input("positions", "int32", ["nodes"]);
    this.longest = longest;
    this.#weight = weight;
  }

  /** Adds a node and returns its output. */
  node(operator: string, inputs: readonly string[], options: NodeOptions = {}): string {
    return this.graph.node(operator, inputs, options);
  }

  /** A value that several parts use, made for the first of them. */
  once(key: string, make: () => string): string {
    const value = this.#known.get(key) ?? make();
    this.#known.set(key, value);
    return value;
  }

  /** A weight in float32. */
  weight(name: string): string {
    const { table, type } = this.#stored(name);
    return this.#asFloat32(table, type);
  }

  /** Rows of a table, float32. Other precisions are converted after the look-up, not the whole table. */
  lookUp(name: string, indices: string): string {
    const { table, type } = this.#stored(name);
    return this.#asFloat32(this.node("Gather", [table, indices]), type);
  }

  /** A value in another shape; -1 is what is left, 0 what it was. */
  reshape(value: string, shape: readonly number[]): string {
    return this.node("Reshape", [value, this.int64(shape)]);
  }

  /** The numbers from `start` to before `end` of each row: of the last axis. */
  columns(value: string, start: number, end: number): string {
    const [from, to, axis] = [[start], [end], [-1]].map((values) => this.int64(values));
    return this.node("Slice", [value, from!, to!, axis!]);
  }

  /** A number, float32 []. */
  float32(value: number): string {
    return this.#constant(`float32_${value}`, Float32Array.of(value), []);
  }

  /** A number, int32 []. */
  int32(value: number): string {
    return this.#constant(`int32_${value}`, Int32Array.of(value), []);
  }

  /** Numbers, int64 [count]. */
  int64(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.#constant(`int64_${values.join("_")}`, data, [values.length]);
  }

  #constant(
    name: string,
    data: Float32Array | Int32Array | BigInt64Array,
    shape: readonly number[],
  ): string {
    return this.once(name, () => this.graph.constant(name, data, shape));
  }

  #asFloat32(value: string, type: ElementType): string {
    if (type === "float32") return value;
    return this.node("Cast", [value], { attributes: { to: 1 /* FLOAT */ } });
  }

  #stored(name: string): { table: string; type: ElementType } {
    const { shape, type, data } = this.#weight(name);
    const table = data instanceof Float32Array
      ? this.graph.constant(name, data, shape)
      : this.graph.weight(name, type, shape, data);
    return { table, type };
  }
}
