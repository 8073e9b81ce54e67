import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { numbers, writeSae } from "./mutations.ts";

for (
  const [what, names, message] of [
    ["delphi's caches", ["locations", "activations"], /is a cache of activations.*delphi/],
    [
      "LoRA adapters",
      ["base.layers.0.q_proj.lora_A.weight", "base.layers.0.q_proj.lora_B.weight"],
      /is a LoRA adapter/,
    ],
    [
      "temporal SAEs of their authors'",
      ["attn_layers.0.q.weight", "D", "b"],
      /is a temporal SAE, which reads .* the tokens before/,
    ],
    [
      "language models",
      ["model.embed_tokens.weight", "model.layers.0.mlp.up_proj.weight"],
      /is a language model, and no SAE/,
    ],
  ] as const
) {
  Deno.test(`openSae() says what ${what} are`, async () => {
    using directory = new TemporaryDirectory();
    const state = Object.fromEntries(names.map((name) => [name, numbers(2, 2)]));
    const path = writeSae(directory, { directory: "files", weights: "0_99.safetensors", state });
    await assert.rejects(openSae(path), inputError(message));
    await assert.rejects(openSae(`${path}/0_99.safetensors`), inputError(message));
  });
}
