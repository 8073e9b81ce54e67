/**
 * Attention of a decoder as nodes: heads over the tokens of each prompt, all prompts of one length.
 *
 * All tokens of a batch ask, or the last of each prompt only; what they ask are the keys and values
 * of their prompt, [prompts, time, …]. Keys and values of earlier tokens, once they are kept between
 * runs, go in front of these.
 *
 * @module
 */
import { float } from "../compute/onnx_graph.ts";
import type { Attention, QueriesKeysValues } from "./decoder.ts";
import type { DecoderNodes } from "./nodes.ts";
import type { Columns, PromptPaths } from "./prompt_paths.ts";

/** A score that no softmax leaves anything of. */
const UNSEEN = -1e38;

/** Which tokens ask. */
export interface Asking {
  /** Only the last of each prompt, rather than all. */
  readonly lastOnly: boolean;
}

/**
 * Adds the nodes.
 *
 * @returns What the heads give, side by side: [prompts, time, heads × headSize]; of the last tokens
 * only, [prompts, 1, heads × headSize].
 */
export function attend(
  nodes: DecoderNodes,
  paths: PromptPaths,
  attention: Attention,
  { queries, keys, values }: QueriesKeysValues<Columns>,
  { lastOnly }: Asking,
): string {
  const query = lastOnly ? paths.asSequences(paths.ofLastTokens(queries)) : paths.ofTokens(queries);
  const [key, value] = [keys, values].map((columns) => ofHeads(nodes, paths, attention, columns));
  const { heads, window, cap, scale } = attention;
  const isWindowed = window !== undefined && window < nodes.longest;
  if (cap !== undefined) {
    const mask = lastOnly && !isWindowed ? undefined : maskOf(nodes, paths, { lastOnly, window });
    return cappedAttention(nodes, attention, cap, [query, key!, value!], mask);
  }
  const mask = isWindowed ? maskOf(nodes, paths, { lastOnly, window }) : undefined;
  const inputs = [query, key!, value!, ...(mask === undefined ? [] : ["", "", mask])];
  return nodes.node("MultiHeadAttention", inputs, {
    domain: "com.microsoft",
    attributes: {
      num_heads: heads,
      unidirectional: Number(!lastOnly && mask === undefined),
      scale: float(scale),
    },
  });
}

/** Keys or values at each token, for each head that asks: [prompts, time, heads × headSize]. */
function ofHeads(
  nodes: DecoderNodes,
  paths: PromptPaths,
  { heads, keyHeads, headSize }: Attention,
  columns: Columns,
): string {
  if (heads === keyHeads) return paths.ofTokens(columns);
  // Row `node × keyHeads + h` of [nodes × keyHeads, headSize] is what key head h has.
  const firsts = nodes.once(`first_rows_${keyHeads}`, () => {
    const of = nodes.node("Unsqueeze", [paths.paths, nodes.int64([2])]);
    return nodes.node("Mul", [of, nodes.int32(keyHeads)]);
  });
  const asked = nodes.once(`key_heads_${heads}_${keyHeads}`, () => {
    const data = Int32Array.from({ length: heads }, (_, h) => Math.floor(h * keyHeads / heads));
    return nodes.graph.constant(`key_heads_${heads}_${keyHeads}`, data, [heads]);
  });
  const rows = nodes.once(
    `key_rows_${heads}_${keyHeads}`,
    () => nodes.node("Add", [firsts, asked]),
  );
  const picked = nodes.node("Gather", [paths.rows(columns.value, headSize), rows]);
  return nodes.reshape(picked, [0, 0, heads * headSize]);
}

/**
 * What is added to scores, so that a token sees itself and those before it, `window` tokens at most:
 * [1, 1, asking, time].
 */
function maskOf(
  nodes: DecoderNodes,
  { paths }: PromptPaths,
  { lastOnly, window }: Asking & { window: number | undefined },
): string {
  return nodes.once(`mask_${window}_${lastOnly}`, () => {
    const time = nodes.once("time", () => {
      const shape = nodes.node("Shape", [paths]);
      const count = nodes.node("Gather", [
        shape,
        nodes.graph.constant("one", BigInt64Array.of(1n), []),
      ]);
      return nodes.node("Cast", [count], { attributes: { to: 6 /* INT32 */ } });
    });
    const tokens = nodes.once(
      "all_tokens",
      () => nodes.node("Range", [nodes.int32(0), time, nodes.int32(1)]),
    );
    const asking = lastOnly
      ? nodes.node("Sub", [time, nodes.int32(1)])
      : nodes.node("Unsqueeze", [tokens, nodes.int64([1])]);
    const back = nodes.node("Sub", [asking, tokens]); // how far the one asked is behind
    const isSeen = [
      ...(lastOnly ? [] : [nodes.node("GreaterOrEqual", [back, nodes.int32(0)])]),
      ...(window === undefined ? [] : [nodes.node("Less", [back, nodes.int32(window)])]),
    ].reduce((a, b) => nodes.node("And", [a, b]));
    const scores = nodes.node("Where", [isSeen, nodes.float32(0), nodes.float32(UNSEEN)]);
    // a row for each that asks, a column for each that is asked
    const rows = lastOnly ? nodes.node("Unsqueeze", [scores, nodes.int64([0])]) : scores;
    return nodes.node("Unsqueeze", [rows, nodes.int64([0, 1])]);
  });
}

/** softmax(cap × tanh(scale × q·k / cap) + mask) v; ONNX Runtime's attention has no cap. */
function cappedAttention(
  nodes: DecoderNodes,
  { heads, headSize, scale }: Attention,
  cap: number,
  queryKeyValue: readonly string[],
  mask: string | undefined,
): string {
  const orders = [[0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]];
  const [query, key, value] = queryKeyValue.map((rows, i) =>
    nodes.node("Transpose", [nodes.reshape(rows, [0, 0, heads, headSize])], {
      attributes: { perm: orders[i]! },
    })
  );
  const products = nodes.node("MatMul", [query!, key!]);
  const scaled = nodes.node("Mul", [products, nodes.float32(scale / cap)]);
  const capped = nodes.node("Mul", [nodes.node("Tanh", [scaled]), nodes.float32(cap)]);
  const scores = mask === undefined ? capped : nodes.node("Add", [capped, mask]);
  const shares = nodes.node("Softmax", [scores], { attributes: { axis: -1 } });
  const given = nodes.node("MatMul", [shares, value!]);
  const byToken = nodes.node("Transpose", [given], { attributes: { perm: [0, 2, 1, 3] } });
  return nodes.reshape(byToken, [0, 0, heads * headSize]);
}
