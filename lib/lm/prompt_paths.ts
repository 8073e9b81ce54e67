/**
 * How a graph goes from the nodes of a batch to its prompts and back. What a node is,
 * `prompt_batches.ts` says.
 *
 * @module
 */
import type { DecoderNodes } from "./nodes.ts";

/** Which columns of a value [nodes, parts × width] are meant: those of one part. */
export interface Columns {
  /** The value. */
  readonly value: string;
  /** The part, from 0. */
  readonly part: number;
  /** How many parts lie side by side. */
  readonly parts: number;
  /** How wide each of them is. */
  readonly width: number;
}

/** All columns of a value [nodes, width]. */
export function allColumns(value: string, width: number): Columns {
  return { value, part: 0, parts: 1, width };
}

/** The inputs of a graph that describe a batch's prompts, and the rows that they pick. */
export class PromptPaths {
  /** The node of each token of each prompt, int32 [prompts, time]. */
  readonly paths: string;
  #nodes: DecoderNodes;
  #firsts: string;
  #last: string;

  /** Declares the inputs `firsts` and `paths`. */
  constructor(nodes: DecoderNodes) {
    this.#nodes = nodes;
    const { graph } = nodes;
    this.#firsts = graph.input("firsts", "int32", ["nodes"]);
    this.paths = graph.input("paths", "int32", ["prompts", "time"]);
    const end = graph.constant("end", new BigInt64Array([-1n]), []);
    this.#last = graph.node("Gather", [this.paths, end], { attributes: { axis: 1 } });
  }

  /** From nodes to [prompts, time, width]: the columns at each token of each prompt. */
  ofTokens(columns: Columns): string {
    return this.#pick(columns, this.paths);
  }

  /** From nodes to [prompts, width]: the columns at each prompt's last token. */
  ofLastTokens(columns: Columns): string {
    return this.#pick(columns, this.#last);
  }

  /** From [prompts, time, width] back to [nodes, width]. */
  ofNodes(value: string, width: number): string {
    return this.#nodes.node("Gather", [this.rows(value, width), this.#firsts]);
  }

  /** A value as [rows, width], whatever its shape. */
  rows(value: string, width: number): string {
    return this.#nodes.reshape(value, [-1, width]);
  }

  /** From [prompts, width] to [prompts, 1, width]. */
  asSequences(value: string): string {
    return this.#nodes.node("Unsqueeze", [value, this.#nodes.int64([1])]);
  }

  /** The parts of a node lie side by side, so that they are neighbouring rows of `width`. */
  #pick({ value, part, parts, width }: Columns, picked: string): string {
    const nodes = this.#nodes;
    if (parts === 1) return nodes.node("Gather", [value, picked]);
    const first = nodes.node("Mul", [picked, nodes.int32(parts)]);
    const row = nodes.node("Add", [first, nodes.int32(part)]);
    return nodes.node("Gather", [this.rows(value, width), row]);
  }
}
