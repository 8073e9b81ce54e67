/**
 * What the matrix products of a job would take alone: how many there are, and how fast this machine
 * is at them, by the same library.
 *
 * @module
 */
import { OnnxGraph } from "../lib/compute/onnx_graph.ts";
import { createOrtSession, type OrtRuntime, type OrtSession } from "../lib/compute/ort_session.ts";
import type { Gpt2Config } from "../lib/lm/architectures/gpt2.ts";
import { batchPrompts } from "../lib/lm/prompt_batches.ts";

/** Products of `[rows, inputs]` by `[inputs, outputs]`, so many rows in all. */
export interface Product {
  /** Which weight. */
  name: string;
  /** Rows in all batches and blocks. */
  rows: number;
  /** Rows of a batch, on average. */
  batchRows: number;
  /** The length of a row. */
  inputs: number;
  /** The length of a row of the result. */
  outputs: number;
}

/** Floating-point operations: a multiplication and an addition each. */
export function operations({ rows, inputs, outputs }: Product): number {
  return 2 * rows * inputs * outputs;
}

/** The tokens of the prompts, and how many of them are computed. */
export interface TokenCounts {
  /** Prompts. */
  prompts: number;
  /** All tokens of all prompts. */
  tokens: number;
  /** Tokens that are computed: common beginnings once in a batch. */
  computed: number;
  /** Batches. */
  batches: number;
}

/** Counts the tokens of prompts. `maxNodes` as in lib/lm/hidden_states.ts. */
export function countTokens(prompts: readonly number[][], maxNodes: number): TokenCounts {
  const batches = [...batchPrompts(prompts, maxNodes)];
  return {
    prompts: prompts.length,
    tokens: prompts.reduce((sum, { length }) => sum + length, 0),
    computed: batches.reduce((sum, { tokens }) => sum + tokens.length, 0),
    batches: batches.length,
  };
}

/** The products that coact computes: each node once, and only last tokens in the last block. */
export function computedProducts(
  config: Gpt2Config,
  blocks: number,
  counts: TokenCounts,
): Product[] {
  return lmProducts(config, counts, (name) => {
    const inLast = name === "c_attn" ? counts.computed : counts.prompts;
    return counts.computed * (blocks - 1) + inLast;
  });
}

/** The products of a plain pass: every token of every prompt in every block. */
export function plainProducts(config: Gpt2Config, blocks: number, counts: TokenCounts): Product[] {
  return lmProducts(config, counts, () => counts.tokens * blocks);
}

function lmProducts(
  { n_embd: width, n_inner }: Gpt2Config,
  { computed, batches }: TokenCounts,
  rowsOf: (name: string) => number,
): Product[] {
  const inner = n_inner ?? 4 * width;
  const batchRows = Math.round(computed / batches);
  return ([
    ["c_attn", width, 3 * width],
    ["c_proj", width, width],
    ["c_fc", width, inner],
    ["mlp.c_proj", inner, width],
  ] as const).map(([name, inputs, outputs]) => {
    return { name, rows: rowsOf(name), batchRows, inputs, outputs };
  });
}

/** Measures the rates of products; whoever makes it closes it. */
export class ProductBench implements AsyncDisposable {
  #measured: { product: Product; session: OrtSession; feed: Float32Array; rates: number[] }[] = [];

  private constructor() {}

  /** Makes a session for each product, with its weight packed as a model's is. */
  static async create(products: readonly Product[], runtime: OrtRuntime): Promise<ProductBench> {
    const bench = new ProductBench();
    for (const product of products) {
      const { inputs, outputs, batchRows } = product;
      const graph = new OnnxGraph(product.name);
      const rows = graph.input("rows", "float32", ["rows", inputs]);
      const weight = graph.constant("weight", numbers(inputs * outputs), [inputs, outputs]);
      const result = graph.node("MatMul", [rows, weight]);
      // one number comes back, so that no copy of the result is timed
      const corner = new BigInt64Array([0n]);
      const first = graph.node("Gather", [result, graph.constant("corner", corner, [1])]);
      graph.node("Identity", [first], { output: "first" });
      graph.output("first", "float32", [1, outputs]);
      const session = await createOrtSession(runtime, await graph.encode());
      const feed = numbers(batchRows * inputs);
      bench.#measured.push({ product, session, feed, rates: [] });
    }
    return bench;
  }

  /** Runs each product in turn, so many times. */
  async round(times: number = 12): Promise<void> {
    for (let time = 0; time < times; time++) {
      for (const { product, session, feed, rates } of this.#measured) {
        const { batchRows, inputs } = product;
        const feeds = { rows: { data: feed, shape: [batchRows, inputs] } };
        const start = performance.now();
        await session.run(feeds);
        const seconds = (performance.now() - start) / 1000;
        rates.push(operations({ ...product, rows: batchRows }) / seconds);
      }
    }
  }

  /** The median rate of each product, in operations a second. */
  get rates(): { name: string; rate: number }[] {
    return this.#measured.map(({ product: { name }, rates }) => ({ name, rate: median(rates) }));
  }

  /** Gives the sessions' memory back. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { session } of this.#measured) await session.release();
  }
}

/** How long products take at the measured rates, in seconds. */
export function secondsAlone(
  products: readonly Product[],
  rates: readonly { name: string; rate: number }[],
): number {
  const rateOf = new Map(rates.map(({ name, rate }) => [name, rate]));
  return products.reduce(
    (sum, product) => sum + operations(product) / rateOf.get(product.name)!,
    0,
  );
}

/** The middle one of some numbers; the mean of the two in the middle if they are even in number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function numbers(count: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, i) => ((i * 7919) % 1013) / 1013 - 0.5);
}
