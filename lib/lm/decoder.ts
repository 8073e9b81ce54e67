/**
 * What a decoder is made of. An architecture (`architectures/`) fills in the parts; the loop over
 * blocks, what is picked at which site, and the way of the residual stream are the same for all
 * (`decoder_graph.ts`, `decoder_depth.ts`, `decoder_bounds.ts`).
 *
 * ```text
 * x = embedding
 * each block:  x += [norm] attention(norm x);  x += [norm] mlp(norm x)
 *   parallel:  x += attention(norm x) + mlp(norm x)
 * final norm
 * ```
 *
 * Every part says which weights it has, builds its nodes, and bounds what it computes.
 *
 * @module
 */
import type { Bounds, Extent } from "./bounds.ts";
import type { DecoderNodes } from "./nodes.ts";
import type { Columns } from "./prompt_paths.ts";

/** Shapes of weights, by their names without a prefix. */
export type WeightShapes = ReadonlyMap<string, readonly number[]>;

/** What has weights. */
export interface Weighted {
  /** Their shapes. */
  readonly weights: WeightShapes;
}

/** A step from rows to rows, each for itself: a norm, an MLP, a linear map. */
export interface Part extends Weighted {
  /** Adds the nodes: from [rows, inputs] to [rows, outputs], float32. */
  build(nodes: DecoderNodes, rows: string): string;
  /** Bounds the output, and takes note of all that is computed on the way. */
  bound(bounds: Bounds, input: Extent): Extent;
}

/** Where the residual stream begins: tokens, and in some architectures their positions. */
export interface Embedding extends Weighted {
  /** The name of the table that has a row for each token: only rows of the prompts' tokens are used. */
  readonly tokens: string;
  /** Adds the nodes: from `nodes.tokens` and `nodes.positions` to [nodes, width]. */
  build(nodes: DecoderNodes): string;
  /** Bounds a row. */
  bound(bounds: Bounds): Extent;
}

/** Of one token: what its heads ask, what they are asked for, and what they give. */
export interface QueriesKeysValues<T> {
  /** Queries: `heads × headSize` columns. */
  readonly queries: T;
  /** Keys: `keyHeads × headSize` columns. */
  readonly keys: T;
  /** Values: as many as keys. */
  readonly values: T;
}

/** The step from the normed stream to queries, keys and values, with positions turned in (rope). */
export interface Projection extends Weighted {
  /** Adds the nodes, from [nodes, width]. */
  build(nodes: DecoderNodes, rows: string): QueriesKeysValues<Columns>;
  /** Bounds the magnitudes of each; rope changes no head's length. */
  bound(bounds: Bounds, input: Extent): QueriesKeysValues<number>;
}

/** Attention: causal, softmax(scale × q·k) v for each head. */
export interface Attention {
  /** What it is called in messages: `h.3`. */
  readonly name: string;
  /** How many heads ask. */
  readonly heads: number;
  /** How many heads are asked; head h asks key head ⌊h / (heads / keyHeads)⌋. */
  readonly keyHeads: number;
  /** How many numbers a head's query has. */
  readonly headSize: number;
  /** What scores are multiplied by. */
  readonly scale: number;
  /** How many tokens are seen, the asking one included. Undefined: all before it. */
  readonly window?: number | undefined;
  /** Scores s become cap × tanh(s / cap). Undefined: they stay. */
  readonly cap?: number | undefined;
  /** Queries, keys and values. */
  readonly projection: Projection;
  /** From the heads, side by side, to what is added to the stream. */
  readonly output: Part;
}

/** A block. */
export interface Block {
  /** The norm before attention. */
  readonly attentionNorm: Part;
  /** Attention. */
  readonly attention: Attention;
  /** A norm of what attention adds. Default: none. */
  readonly attentionOutputNorm?: Part | undefined;
  /** The norm before the MLP. */
  readonly mlpNorm: Part;
  /** The MLP. */
  readonly mlp: Part;
  /** A norm of what the MLP adds. Default: none. */
  readonly mlpOutputNorm?: Part | undefined;
  /** Whether the MLP reads the block's input rather than what attention made of it. */
  readonly isParallel: boolean;
}

/** The sizes of a model, under the names that GPT-2 gave them. */
export interface DecoderConfig {
  /** The architecture, as `config.json` calls it. */
  readonly model_type: string;
  /** How many tokens there are. */
  readonly vocab_size: number;
  /** The longest prompt, in tokens. */
  readonly n_positions: number;
  /** The width of the residual stream (d_model). */
  readonly n_embd: number;
  /** How many blocks there are. */
  readonly n_layer: number;
}

/** A decoder: its sizes, its parts, and what its tensors are called. */
export interface Decoder {
  /** Its sizes. */
  readonly config: DecoderConfig;
  /** What files may put before the names of its tensors: `transformer.`. */
  readonly prefix: string;
  /** The embedding. */
  readonly embedding: Embedding;
  /** A block, 0 to `n_layer` - 1. */
  readonly block: (index: number) => Block;
  /** The norm after the last block. */
  readonly finalNorm: Part & { readonly name: string };
}

/** How models of one `model_type` are read. */
export interface Architecture {
  /** The `model_type` of its `config.json`. */
  readonly modelType: string;
  /** The classes of `transformers` that it has, for files that lack `model_type`. */
  readonly classes: RegExp;
  /**
   * Makes a decoder of the text of a `config.json`.
   *
   * @param path What to call it in messages.
   * @throws {InputError} If it is malformed, or wants something that is not implemented.
   */
  read(text: string, path: string): Decoder;
}
