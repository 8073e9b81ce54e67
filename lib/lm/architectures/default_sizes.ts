/**
 * The sizes that a class of `transformers` has where `config.json` says nothing.
 *
 * Source: https://github.com/huggingface/transformers/tree/main/src/transformers/models, the files
 * configuration_*.py
 *
 * @module
 */

/** Sizes by their names in `config.json`. */
export interface DefaultSizes {
  /** How many tokens there are. */
  readonly vocab_size: number;
  /** The width of the residual stream. */
  readonly hidden_size: number;
  /** The width of the MLP's hidden layer. */
  readonly intermediate_size: number;
  /** How many blocks there are. */
  readonly num_hidden_layers: number;
  /** How many heads ask. */
  readonly num_attention_heads: number;
  /** The longest prompt. */
  readonly max_position_embeddings: number;
}

/** The architectures that call their sizes so. */
export type SizedType =
  | "gpt_neox"
  | "llama"
  | "mistral"
  | "phi3"
  | "qwen2"
  | "qwen3"
  | "gemma2"
  | "gemma3_text";

/** The sizes of each. */
export const DEFAULT_SIZES: Readonly<Record<SizedType, DefaultSizes>> = {
  gpt_neox: sizes(50_432, 6144, 24_576, 44, 64, 2048),
  llama: sizes(32_000, 4096, 11_008, 32, 32, 2048),
  mistral: sizes(32_000, 4096, 14_336, 32, 32, 131_072),
  phi3: sizes(32_064, 3072, 8192, 32, 32, 4096),
  qwen2: sizes(151_936, 4096, 22_016, 32, 32, 32_768),
  qwen3: sizes(151_936, 4096, 22_016, 32, 32, 32_768),
  gemma2: sizes(256_000, 2304, 9216, 26, 8, 8192),
  gemma3_text: sizes(262_208, 2304, 9216, 26, 8, 131_072),
};

function sizes(
  vocab_size: number,
  hidden_size: number,
  intermediate_size: number,
  num_hidden_layers: number,
  num_attention_heads: number,
  max_position_embeddings: number,
): DefaultSizes {
  return {
    vocab_size,
    hidden_size,
    intermediate_size,
    num_hidden_layers,
    num_attention_heads,
    max_position_embeddings,
  };
}
