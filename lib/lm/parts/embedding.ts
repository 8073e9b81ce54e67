/**
 * Where the residual stream begins.
 *
 * @module
 */
import type { DecoderConfig, Embedding } from "../decoder.ts";

/** The tables of an embedding with learned positions. */
export interface LearnedPositionsOptions {
  /** The name of the tokens' table, without `.weight`. */
  readonly tokens: string;
  /** The name of the positions' table, without `.weight`. */
  readonly positions: string;
  /** The model's sizes. */
  readonly config: DecoderConfig;
}

/** A row for each token, plus one for each position. */
export function learnedPositions(options: LearnedPositionsOptions): Embedding {
  const { config: { vocab_size, n_positions, n_embd } } = options;
  const [tokens, positions] = [`${options.tokens}.weight`, `${options.positions}.weight`];
  return {
    tokens,
    weights: new Map([[tokens, [vocab_size, n_embd]], [positions, [n_positions, n_embd]]]),
    build: (nodes) =>
      nodes.node("Add", [
        nodes.lookUp(tokens, nodes.tokens),
        nodes.lookUp(positions, nodes.positions),
      ]),
    bound({ greatest }) {
      const each = greatest(tokens) + greatest(positions);
      return { each, sum: n_embd * each };
    },
  };
}

/** The table of an embedding of tokens alone. */
export interface TokenEmbeddingOptions {
  /** The name of the table, without `.weight`. */
  readonly tokens: string;
  /** The model's sizes. */
  readonly config: DecoderConfig;
  /** What rows are multiplied by. Default: 1. */
  readonly scale?: number | undefined;
}

/** A row for each token; positions come in later (`rope.ts`). */
export function tokenEmbedding(options: TokenEmbeddingOptions): Embedding {
  const { config: { vocab_size, n_embd }, scale = 1 } = options;
  const tokens = `${options.tokens}.weight`;
  return {
    tokens,
    weights: new Map([[tokens, [vocab_size, n_embd]]]),
    build(nodes) {
      const rows = nodes.lookUp(tokens, nodes.tokens);
      return scale === 1 ? rows : nodes.node("Mul", [rows, nodes.float32(scale)]);
    },
    bound({ greatest }) {
      const each = scale * greatest(tokens);
      return { each, sum: n_embd * each };
    },
  };
}
