import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import { type Gpt2Config, gpt2Decoder } from "../../lib/lm/architectures/gpt2.ts";
import { findOverflow } from "../../lib/lm/decoder_bounds.ts";
import { weightShapes } from "../../lib/lm/decoder_depth.ts";
import { collectHiddenStates } from "../../lib/lm/hidden_states.ts";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { WeightMagnitudes } from "../../lib/lm/magnitudes.ts";
import { siteOfLayer } from "../../lib/lm/site.ts";
import { weightsOf } from "../../lib/lm/weights.ts";
import { hiddenStates, type Weights } from "../support/float64_gpt2.ts";
import { expectsGpu } from "../support/gpu.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { type TinyTensor, writeTinyModel } from "../support/tiny_model.ts";

/** Shape of the tiny model, and its weights before any is changed. */
function tiny(): { config: Gpt2Config; weights: Weights } {
  using directory = new TemporaryDirectory();
  const { config, weights } = writeTinyModel(directory);
  return { config: config as unknown as Gpt2Config, weights };
}

const { config, weights } = tiny();

function overflowOf(scaled: Weights, layer = config.n_layer, changed: Partial<Gpt2Config> = {}) {
  const greatest = (name: string) =>
    Array.from(scaled[name]!, Math.abs).reduce((a, b) => a > b ? a : b);
  return findOverflow(
    gpt2Decoder({ ...config, ...changed }),
    siteOfLayer(layer, config.n_layer),
    greatest,
  );
}

/** The weights whose names match, times a factor; float64, so that nothing overflows here. */
function scaled(names: RegExp, factor: number): Weights {
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [
      name,
      names.test(name) ? Array.from(values, (value) => value * factor) : values,
    ]),
  );
}

Deno.test("findOverflow() finds nothing in a model of usual weights, or of weights × 1000", () => {
  assert.equal(overflowOf(weights), undefined);
  assert.equal(overflowOf(scaled(/./, 1e3)), undefined);
});

Deno.test("findOverflow() finds nothing in a model of GPT-2's sizes with weights up to 20", () => {
  const gpt2 = { ...config, n_embd: 1600, n_layer: 48, n_head: 25 };
  assert.equal(findOverflow(gpt2Decoder(gpt2), siteOfLayer(48, 48), () => 20), undefined);
});

const KINDS: [string, RegExp, number, string][] = [
  ["embeddings", /^wte/, 1e19, "the squares in h.0.ln_1"],
  ["positions", /^wpe/, 1e19, "the squares in h.0.ln_1"],
  ["all weights", /./, 1e19, "the squares in h.0.ln_1"],
  ["queries and keys", /c_attn.weight/, 1e20, "the attention scores of h.0"],
  ["a bias of queries", /c_attn.bias/, 1e20, "the attention scores of h.0"],
  ["what attention adds", /h.1.attn.c_proj/, 1e20, "the squares in h.1.ln_2"],
  ["a LayerNorm's weight", /h.2.ln_2.weight/, 1e15, "the activations in h.2.mlp"],
  ["a LayerNorm's bias", /h.2.ln_2.bias/, 1e15, "the activations in h.2.mlp"],
  ["the cube in GELU's approximation", /h.0.mlp.c_fc/, 1e13, "the activations in h.0.mlp"],
  ["what an MLP adds", /h.1.mlp.c_proj/, 1e20, "the squares in h.2.ln_1"],
  ["the final LayerNorm", /ln_f/, 1e38, "the output of ln_f"],
];

for (const [what, names, factor, expected] of KINDS) {
  Deno.test(`findOverflow() finds weights that are too large: ${what}`, () => {
    assert.equal(overflowOf(scaled(names, factor))?.what, expected);
  });
}

Deno.test("findOverflow() does not mind blocks beyond the layer, nor the final LayerNorm before it", () => {
  assert.equal(overflowOf(scaled(/h.2/, 1e25), 2), undefined);
  assert.equal(overflowOf(scaled(/ln_f/, 1e38), 2), undefined);
});

Deno.test("findOverflow() minds no cube where the activation has none", () => {
  const wide = scaled(/h.0.mlp.c_fc/, 1e13);
  assert.equal(overflowOf(wide, 3, { activation_function: "relu" }), undefined);
});

Deno.test("findOverflow() misses no hidden state whose squares are beyond float32", () => {
  const LARGEST = 3.4028234e38;
  let overflows = 0;
  const names = [/./, /wte/, /c_proj/, /c_fc/, /ln_2.weight/, /attn/, /mlp/, /bias/];
  for (const pattern of names) {
    for (const factor of [1, 1e4, 1e8, 1e12, 1e16, 1e18, 1e19]) {
      const changed = scaled(pattern, factor);
      const states = hiddenStates(config, changed, [5, 17, 300]).slice(0, -1);
      const worst = Math.max(...states.map((x) => x.reduce((sum, v) => sum + v * v, 0)));
      if (!(worst > LARGEST)) continue;
      overflows++;
      assert.notEqual(overflowOf(changed), undefined, `${pattern} × ${factor}`);
    }
  }
  assert(overflows >= 8, `${overflows} cases overflow`);
});

for (const device of ["cpu", "wasm", "gpu"] as const) {
  Deno.test({
    name: `collectHiddenStates() refuses weights × 1e19 on ${device}, and names the greatest`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      const edit = (tensors: Map<string, TinyTensor>) =>
        tensors.forEach(({ values }) => values.forEach((value, i) => values[i] = value * 1e19));
      await assert.rejects(
        collect(device, edit),
        inputError(
          /\/lm\/model\.safetensors: the weights are too large for float32: the squares in h\.0\.ln_1 can reach \d\.\de\+\d\d, beyond its 3\.4e\+38; the greatest weight is 1\.0e\+19, in tensor transformer\.[\w.]+; export the model again/,
        ),
      );
    },
  });

  Deno.test({
    name: `collectHiddenStates() names the tensor that holds NaN on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      await assert.rejects(
        collect(device, (tensors) => tensors.get("h.0.attn.c_proj.bias")!.values[3] = -Infinity),
        inputError(/tensor transformer\.h\.0\.attn\.c_proj\.bias holds -Infinity at position 3/),
      );
    },
  });
}

async function collect(
  request: "cpu" | "wasm" | "gpu",
  edit: (tensors: Map<string, TinyTensor>) => void,
): Promise<void> {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory, { edit });
  using device = await openDevice(request);
  const { runtime } = device;
  using _states = await collectHiddenStates(await openLanguageModel(path), [[1, 2]], {
    layers: [3],
    runtime,
  });
}

Deno.test("WeightMagnitudes counts positions through the parts of a weight", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory, {});
  const { weights, decoder } = await openLanguageModel(path);
  const shapes = weightShapes(decoder, [siteOfLayer(0, decoder.config.n_layer)]);
  const magnitudes = new WeightMagnitudes(weightsOf(weights, shapes));
  magnitudes.add("wte.weight", Float32Array.of(1, -2));
  assert.throws(
    () => magnitudes.add("wte.weight", Float32Array.of(0, NaN), 2),
    inputError(
      /: tensor transformer\.wte\.weight holds NaN at position 3, expected finite numbers/,
    ),
  );
});
