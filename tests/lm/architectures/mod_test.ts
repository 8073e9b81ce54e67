import assert from "node:assert/strict";
import { ARCHITECTURES, parseDecoder } from "../../../lib/lm/architectures/mod.ts";
import type { Decoder } from "../../../lib/lm/decoder.ts";
import { findOverflow } from "../../../lib/lm/decoder_bounds.ts";
import { checkSite, weightShapes } from "../../../lib/lm/decoder_depth.ts";
import { buildDecoderGraph } from "../../../lib/lm/decoder_graph.ts";
import { FINAL } from "../../../lib/lm/site.ts";
import { inputError } from "../../support/input_errors.ts";

const SIZES = {
  vocab_size: 24,
  hidden_size: 16,
  intermediate_size: 20,
  num_hidden_layers: 8,
  num_attention_heads: 4,
  max_position_embeddings: 32,
};

function decoderOf(fields: object): Decoder {
  return parseDecoder(JSON.stringify({ ...SIZES, ...fields }), "config.json");
}

/** The graph of a model: what its configuration comes to. */
function graphOf(fields: object): Promise<Uint8Array> {
  const decoder = decoderOf(fields);
  const shapes = weightShapes(decoder, [FINAL]);
  const weight = (name: string) => {
    const data = { location: name, offset: 0, length: 4 };
    return { shape: shapes.get(name)!, type: "float32" as const, data };
  };
  return buildDecoderGraph({ decoder, sites: [FINAL], weight });
}

const ONE_ROPE = { rope_type: "linear", factor: 2, rope_theta: 500 };
const GEMMA3 = { model_type: "gemma3_text", head_dim: 4, num_key_value_heads: 2 };

const SPELLINGS: [string, object, object][] = [
  [
    "the rope of transformers 4 and 5",
    { model_type: "llama", rope_parameters: ONE_ROPE },
    { model_type: "llama", rope_theta: 500, rope_scaling: { type: "linear", factor: 2 } },
  ],
  [
    "rotary_pct and partial_rotary_factor",
    { model_type: "gpt_neox", rope_parameters: { rope_theta: 300, partial_rotary_factor: 0.5 } },
    { model_type: "gpt_neox", rotary_pct: 0.5, rotary_emb_base: 300, rope_theta: 10_000 },
  ],
  [
    "GPT-NeoX's defaults",
    { model_type: "gpt_neox", rotary_pct: null, hidden_act: null },
    {
      model_type: "gpt_neox",
      rotary_pct: 0.25,
      hidden_act: "gelu",
      layer_norm_eps: 1e-5,
      attention_bias: true,
      use_parallel_residual: true,
      rotary_emb_base: 10_000,
    },
  ],
  [
    "key heads that are null and as many as heads",
    { model_type: "qwen2", num_key_value_heads: null },
    { model_type: "qwen2", num_key_value_heads: 4 },
  ],
  [
    "Qwen's window in max_window_layers and in layer_types",
    {
      model_type: "qwen2",
      num_key_value_heads: 2,
      use_sliding_window: true,
      sliding_window: 4,
      max_window_layers: 6,
    },
    {
      model_type: "qwen2",
      num_key_value_heads: 2,
      use_sliding_window: true,
      sliding_window: 4,
      layer_types: [...Array(6).fill("full_attention"), ...Array(2).fill("sliding_attention")],
    },
  ],
  [
    "a window of Qwen that is not used, and none",
    { model_type: "qwen3", num_key_value_heads: 2, sliding_window: 4, max_window_layers: 0 },
    { model_type: "qwen3", num_key_value_heads: 2, head_dim: 128 },
  ],
  [
    "Gemma 3's pattern and its layer_types",
    { ...GEMMA3, sliding_window: 4, rope_theta: 1e6, rope_local_base_freq: 1e4 },
    {
      ...GEMMA3,
      sliding_window: 4,
      layer_types: Array.from(
        { length: 8 },
        (_, block) => block === 5 ? "full_attention" : "sliding_attention",
      ),
      rope_parameters: {
        full_attention: { rope_theta: 1e6 },
        sliding_attention: { rope_theta: 1e4 },
      },
    },
  ],
];

for (const [what, one, other] of SPELLINGS) {
  Deno.test(`parseDecoder() reads alike ${what}`, async () => {
    assert.deepEqual(await graphOf(one), await graphOf(other));
  });
}

Deno.test("parseDecoder() gives Mistral a window where there is no field, and none where it is null", () => {
  const window = (fields: object) =>
    decoderOf({ model_type: "mistral", num_key_value_heads: 2, ...fields }).block(0).attention
      .window;
  assert.equal(window({}), 4096);
  assert.equal(window({ sliding_window: 5 }), 5);
  assert.equal(window({ sliding_window: null }), undefined);
});

const REFUSED: [string, object, RegExp][] = [
  [
    "an architecture that is not known, and lists those that are",
    { model_type: "bloom" },
    new RegExp(
      `has model_type bloom, expected gpt2, .* or ${ARCHITECTURES.at(-1)!.modelType}$`,
    ),
  ],
  [
    "a model that reads pictures, too",
    { model_type: "gemma3", text_config: { model_type: "gemma3_text" } },
    /has model_type gemma3, expected .*; it reads more than text, and the part of it that reads text/,
  ],
  [
    "a rope scaling that is not implemented",
    { model_type: "llama", rope_scaling: { rope_type: "yarn", factor: 4 } },
    /the rope scaling yarn is not implemented; known are default, linear and llama3/,
  ],
  [
    "longer ropes of Phi-3",
    { model_type: "phi3", rope_scaling: { type: "longrope", short_factor: [1], long_factor: [2] } },
    /the rope scaling longrope is not implemented/,
  ],
  [
    "a rope scaling without its factor",
    { model_type: "llama", rope_scaling: { rope_type: "linear" } },
    /the rope scaling linear lacks factor/,
  ],
  [
    "a rope for each kind of block where there is one kind",
    { model_type: "llama", rope_parameters: { full_attention: { rope_theta: 5 } } },
    /a rope for each kind of block, which is implemented for gemma3_text alone/,
  ],
  [
    "an activation that is not known",
    { model_type: "llama", hidden_act: "relu2" },
    /hidden_act: "relu2" is not implemented; known are gelu, /,
  ],
  [
    "a kind of attention that is not known",
    {
      model_type: "qwen3",
      num_key_value_heads: 2,
      layer_types: Array(8).fill("chunked_attention"),
    },
    /layer_types\.0: "chunked_attention" is not implemented; known are full_attention, /,
  ],
  [
    "layer_types of another number of blocks",
    { model_type: "qwen3", layer_types: ["full_attention"] },
    /layer_types has 1 entries, expected 8/,
  ],
  [
    "quantised weights",
    { model_type: "llama", quantization_config: { quant_method: "gptq", bits: 4 } },
    /the weights are quantised \(quantization_config, gptq\), which is not implemented/,
  ],
  [
    "weights that are quantised in a way that is not said",
    { model_type: "llama", quantization_config: {} },
    /the weights are quantised \(quantization_config\), which is not implemented/,
  ],
  [
    "key heads that do not divide the heads",
    { model_type: "llama", num_key_value_heads: 3 },
    /num_attention_heads 4 is no multiple of num_key_value_heads 3/,
  ],
  [
    "heads that do not divide the width",
    { model_type: "llama", num_attention_heads: 5 },
    /hidden_size 16 is no multiple of num_attention_heads 5, and there is no head_dim/,
  ],
  [
    "tokens that see those behind them",
    { ...GEMMA3, use_bidirectional_attention: true },
    /use_bidirectional_attention is true/,
  ],
];

for (const [what, fields, message] of REFUSED) {
  Deno.test(`parseDecoder() refuses ${what}`, () => {
    assert.throws(() => decoderOf(fields), inputError(message));
  });
}

Deno.test("checkSite() refuses mid where attention and MLP are parallel, and blocks that are not there", () => {
  const neox = decoderOf({ model_type: "gpt_neox" });
  assert.throws(
    () => checkSite(neox, { block: 0, point: "mid" }),
    /no site mid 0: this gpt_neox adds attention and MLP to the stream at once/,
  );
  assert.throws(
    () => checkSite(neox, { block: 8, point: "pre" }),
    /no site pre 8: the model has the blocks 0 to 7/,
  );
  checkSite(neox, { block: 7, point: "mlp_out" });
  checkSite(decoderOf({ model_type: "llama" }), { block: 0, point: "mid" });
});

Deno.test("weightShapes() asks for no weight beyond the deepest site", () => {
  const llama = decoderOf({ model_type: "llama" });
  const names = (point: "attn_out" | "mlp_out") =>
    [...weightShapes(llama, [{ block: 0, point }]).keys()].join(" ");
  assert(!names("attn_out").includes("mlp"));
  assert(names("mlp_out").includes("layers.0.mlp.down_proj.weight"));
  assert(!names("mlp_out").includes("layers.1"));
});

for (const model_type of ["gpt_neox", "llama", "phi3", "qwen3", "gemma2", "gemma3_text"]) {
  Deno.test(`findOverflow() finds weights of a ${model_type} that are too large, and no usual ones`, () => {
    const decoder = decoderOf({ model_type, num_key_value_heads: 2, head_dim: 4 });
    assert.equal(findOverflow(decoder, FINAL, () => 20), undefined);
    for (const name of weightShapes(decoder, [FINAL]).keys()) {
      const overflow = findOverflow(decoder, FINAL, (each) => each === name ? 1e38 : 1);
      if (name.endsWith(".weight")) assert.notEqual(overflow, undefined, name);
    }
  });
}

Deno.test("parseDecoder() takes sizes that are left out from the class", () => {
  const config = (fields: object) => parseDecoder(JSON.stringify(fields), "config.json").config;
  const sizes = { hidden_size: 16, intermediate_size: 20, num_hidden_layers: 2 };
  assert.deepEqual(config({ model_type: "gemma2", ...sizes, head_dim: 4 }), {
    model_type: "gemma2",
    vocab_size: 256_000,
    n_positions: 8192,
    n_embd: 16,
    n_layer: 2,
  });
  const { vocab_size, n_embd, n_positions } = config({ model_type: "gpt2", n_layer: 1 });
  assert.deepEqual([vocab_size, n_embd, n_positions], [50_257, 768, 1024]);
});
