import assert from "node:assert/strict";
import { InputError } from "../../../lib/base/errors.ts";
import { gpt2ConfigSchema } from "../../../lib/lm/architectures/gpt2.ts";
import { parseDecoder } from "../../../lib/lm/architectures/mod.ts";

const PLAIN = {
  model_type: "gpt2",
  vocab_size: 10,
  n_positions: 4,
  n_embd: 6,
  n_layer: 2,
  n_head: 3,
};

Deno.test("parseDecoder() fills in what GPT-2 checkpoints may leave out", () => {
  assert.deepEqual(parseDecoder(JSON.stringify(PLAIN), "config.json").config, {
    ...PLAIN,
    n_inner: null,
    activation_function: "gelu_new",
    layer_norm_epsilon: 1e-5,
    scale_attn_weights: true,
    scale_attn_by_inverse_layer_idx: false,
  });
});

Deno.test("parseDecoder() knows by architectures what lacks a model_type", () => {
  const { model_type: _, ...early } = PLAIN;
  for (const name of ["GPT2LMHeadModel", "GPT2Model", "GPT2DoubleHeadsModel"]) {
    const text = JSON.stringify({ ...early, architectures: [name] });
    assert.equal(parseDecoder(text, "config.json").config.model_type, "gpt2");
  }
});

Deno.test("gpt2ConfigSchema can be given to other tools as a JSON Schema", () => {
  const { properties, required } = gpt2ConfigSchema.toJSONSchema() as {
    properties: Record<string, unknown>;
    required: string[];
  };
  assert(required.includes("n_embd"));
  assert.deepEqual(Object.keys(properties), [
    "model_type",
    "vocab_size",
    "n_positions",
    "n_embd",
    "n_layer",
    "n_head",
    "n_inner",
    "activation_function",
    "layer_norm_epsilon",
    "scale_attn_weights",
    "scale_attn_by_inverse_layer_idx",
  ]);
});

const REFUSED: [string, unknown, string][] = [
  [
    "a config.json without model_type and architectures",
    { ...PLAIN, model_type: undefined },
    'model_type is missing, and there are no architectures to tell it by; add "model_type": "gpt2"',
  ],
  [
    "architectures that are no GPT-2",
    { ...PLAIN, model_type: undefined, architectures: ["GPT2LMHeadModel", "GPTNeoForCausalLM"] },
    "has the architectures GPT2LMHeadModel, GPTNeoForCausalLM and no model_type, expected those of a ",
  ],
  [
    "an architecture that is not known, and lists those that are",
    { ...PLAIN, model_type: "bloom" },
    "has model_type bloom, expected gpt2",
  ],
  [
    "a width that the heads do not divide",
    { ...PLAIN, n_head: 4 },
    "n_embd 6 is no multiple of n_head 4",
  ],
  ["a size that is no whole number", { ...PLAIN, n_layer: 1.5 }, "n_layer"],
  ["a size that is absurd", { ...PLAIN, vocab_size: 1e12 }, "vocab_size"],
  [
    "an activation that is not known",
    { ...PLAIN, activation_function: "silu" },
    "activation_function",
  ],
  ["no object", [], "invalid input"],
];

for (const [what, config, message] of REFUSED) {
  Deno.test(`parseDecoder() refuses ${what}`, () => {
    assert.throws(
      () => parseDecoder(JSON.stringify(config), "config.json"),
      (error) => {
        assert(error instanceof InputError);
        assert(
          error.message.startsWith("config.json") && error.message.includes(message),
          error.message,
        );
        assert(!error.message.includes("\n"));
        return true;
      },
    );
  });
}

Deno.test("parseDecoder() takes no field from __proto__, and none that is there twice", () => {
  const { n_layer: _, ...rest } = PLAIN;
  const text = JSON.stringify(rest).replace("{", '{"__proto__": {"n_layer": 2}, ');
  assert.throws(() => parseDecoder(text, "config.json"), /^InputError: .*n_layer is missing/);
  const twice = JSON.stringify(PLAIN).replace("{", '{"n_layer": 1, ');
  assert.throws(() => parseDecoder(twice, "config.json"), /has two fields n_layer/);
});
