/**
 * GPT-2 as an ONNX graph that ends at the last token's hidden states: no head, no block beyond the
 * last layer asked for, nothing but the last tokens in the last block, and the common beginnings of
 * prompts only once.
 *
 * Source: https://github.com/huggingface/transformers/blob/main/src/transformers/models/gpt2/modeling_gpt2.py
 *
 * @module
 */
import { type ElementType, float, OnnxGraph } from "../compute/onnx_graph.ts";
import type { SessionWeight } from "../compute/session_weights.ts";
import type { ActivationFunction, Gpt2Config } from "./gpt2_config.ts";
import { PromptPaths } from "./prompt_paths.ts";

/** Where a graph's weights come from, and which layers it is to give. */
export interface Gpt2GraphOptions {
  /** The model's configuration. */
  config: Gpt2Config;
  /** The layers wanted, each 0 to `n_layer`, in the order of the output. */
  layers: readonly number[];
  /** A weight by its name without a prefix, as the graph is to declare it. */
  weight: (name: string) => SessionWeight;
}

/**
 * Builds the graph. Layer L is `hidden_states[L]` of a Hugging Face model: 0 the embeddings, L the
 * residual stream after L blocks, `n_layer` that after the final LayerNorm.
 *
 * @returns The ONNX model. Its inputs are a `PromptBatch`, in int32: `tokens`, `positions` and
 * `firsts` [nodes], `paths` [prompts, time]. Output: `hidden_states` float32 [prompts, layers,
 * d_model], at the last token.
 */
export function buildGpt2Graph(options: Gpt2GraphOptions): Uint8Array {
  return new Gpt2GraphBuilder(options).build();
}

class Gpt2GraphBuilder {
  #graph = new OnnxGraph("gpt2");
  #options: Gpt2GraphOptions;
  #paths: PromptPaths;

  constructor(options: Gpt2GraphOptions) {
    this.#options = options;
    this.#paths = new PromptPaths(this.#graph, options.config.n_embd);
  }

  build(): Uint8Array {
    const { config, layers } = this.#options;
    const lastLayer = Math.max(...layers);
    const states = new Map<number, string>();
    let stream = this.#embeddings();
    for (let layer = 0; layer < lastLayer; layer++) {
      if (layers.includes(layer)) states.set(layer, this.#paths.ofLastTokens(stream));
      if (layer < lastLayer - 1) stream = this.#block(stream, layer);
    }
    const last = lastLayer === 0
      ? this.#paths.ofLastTokens(stream)
      : this.#lastBlock(stream, lastLayer - 1);
    states.set(lastLayer, lastLayer === config.n_layer ? this.#layerNorm(last, "ln_f") : last);

    const sequences = layers.map((layer) => this.#paths.asSequences(states.get(layer)!));
    const output = this.#graph.node("Concat", sequences, {
      attributes: { axis: 1 },
      output: "hidden_states",
    });
    this.#graph.output(output, "float32", ["prompts", layers.length, config.n_embd]);
    return this.#graph.encode();
  }

  #embeddings(): string {
    return this.#graph.node("Add", [
      this.#lookUp("wte.weight", this.#paths.tokens),
      this.#lookUp("wpe.weight", this.#paths.positions),
    ]);
  }

  /** From the residual stream [nodes, d_model] to that after the block. */
  #block(stream: string, index: number): string {
    const qkv = this.#queriesKeysValues(stream, index);
    const [query, key, value] = [0, 1, 2].map((part) => this.#paths.ofTokens(qkv, part, 3));
    const heads = this.#attention([query!, key!, value!], index, { isCausal: true });
    return this.#afterAttention(stream, this.#paths.ofNodes(heads), index);
  }

  /**
   * From the residual stream [nodes, d_model] to that after the block, [prompts, d_model]: no block
   * follows, so that only the last tokens' queries and MLP are of use.
   */
  #lastBlock(stream: string, index: number): string {
    const qkv = this.#queriesKeysValues(stream, index);
    const query = this.#paths.asSequences(this.#paths.ofLastTokens(qkv, 0, 3));
    const [key, value] = [1, 2].map((part) => this.#paths.ofTokens(qkv, part, 3));
    const heads = this.#attention([query, key!, value!], index, { isCausal: false });
    return this.#afterAttention(this.#paths.ofLastTokens(stream), this.#paths.rows(heads), index);
  }

  /** [nodes, 3 × d_model]. */
  #queriesKeysValues(stream: string, index: number): string {
    const normed = this.#layerNorm(stream, `h.${index}.ln_1`);
    return this.#linear(normed, `h.${index}.attn.c_attn`);
  }

  #attention(
    queryKeyValue: readonly [string, string, string],
    index: number,
    { isCausal }: { isCausal: boolean },
  ): string {
    const { n_embd, n_head, scale_attn_weights, scale_attn_by_inverse_layer_idx } =
      this.#options.config;
    const headScale = scale_attn_weights ? (n_embd / n_head) ** -0.5 : 1;
    const scale = scale_attn_by_inverse_layer_idx ? headScale / (index + 1) : headScale;
    return this.#graph.node("MultiHeadAttention", queryKeyValue, {
      domain: "com.microsoft",
      attributes: { num_heads: n_head, unidirectional: Number(isCausal), scale: float(scale) },
    });
  }

  /** The rest of a block, row by row. */
  #afterAttention(stream: string, heads: string, index: number): string {
    const attention = this.#linear(heads, `h.${index}.attn.c_proj`);
    const attended = this.#graph.node("Add", [stream, attention]);
    return this.#graph.node("Add", [attended, this.#mlp(attended, `h.${index}`)]);
  }

  #mlp(stream: string, block: string): string {
    const normed = this.#layerNorm(stream, `${block}.ln_2`);
    const wide = this.#linear(normed, `${block}.mlp.c_fc`);
    const active = this.#activation(wide, this.#options.config.activation_function);
    return this.#linear(active, `${block}.mlp.c_proj`);
  }

  #activation(value: string, name: ActivationFunction): string {
    if (name === "relu") return this.#graph.node("Relu", [value]);
    const approximate = name === "gelu" ? "none" : "tanh";
    return this.#graph.node("Gelu", [value], { attributes: { approximate } });
  }

  #layerNorm(value: string, name: string): string {
    const { layer_norm_epsilon } = this.#options.config;
    const weight = this.#weight(`${name}.weight`);
    const bias = this.#weight(`${name}.bias`);
    return this.#graph.node("LayerNormalization", [value, weight, bias], {
      attributes: { axis: -1, epsilon: float(layer_norm_epsilon) },
    });
  }

  /** GPT-2 stores linear weights as [in, out], the orientation that MatMul wants. */
  #linear(value: string, name: string): string {
    const product = this.#graph.node("MatMul", [value, this.#weight(`${name}.weight`)]);
    return this.#graph.node("Add", [product, this.#weight(`${name}.bias`)]);
  }

  /** Rows of a table. Other precisions are converted after the look-up, not the whole table. */
  #lookUp(name: string, indices: string): string {
    const { table, type } = this.#stored(name);
    return this.#asFloat32(this.#graph.node("Gather", [table, indices]), type);
  }

  #weight(name: string): string {
    const { table, type } = this.#stored(name);
    return this.#asFloat32(table, type);
  }

  #asFloat32(value: string, type: ElementType): string {
    if (type === "float32") return value;
    return this.#graph.node("Cast", [value], { attributes: { to: 1 /* FLOAT */ } });
  }

  #stored(name: string): { table: string; type: ElementType } {
    const { shape, type, data } = this.#options.weight(name);
    const table = data instanceof Float32Array
      ? this.#graph.constant(name, data, shape)
      : this.#graph.weight(name, type, shape, data);
    return { table, type };
  }
}
