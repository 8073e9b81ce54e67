/** The language model on ONNX Runtime against GPT-2 in float64. */
import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import { type DeviceRequest, openDevice } from "../../lib/compute/device.ts";
import { collectHiddenStates } from "../../lib/lm/hidden_states.ts";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { hiddenStates } from "../support/float64_gpt2.ts";
import { expectsGpu } from "../support/gpu.ts";
import { scratchFileSizes } from "../support/scratch_files.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { type TinyModelOptions, writeTinyModel } from "../support/tiny_model.ts";
import { PROMPTS, TOLERANCE } from "./some_prompts.ts";

const VARIANTS: [string, TinyModelOptions][] = [
  ["float32 weights", {}],
  ["float16 weights", { dtype: "F16" }],
  ["bfloat16 weights", { dtype: "BF16" }],
  ["tensor names without a prefix", { prefix: "" }],
  ["n_inner other than 4 × n_embd", { config: { n_inner: 12 } }],
  ["the activation gelu", { config: { activation_function: "gelu" } }],
  ["the activation relu", { config: { activation_function: "relu" } }],
  ["unscaled attention", { config: { scale_attn_weights: false } }],
  ["attention scaled by block", { config: { scale_attn_by_inverse_layer_idx: true } }],
  ["one head", { config: { n_head: 1 } }],
];

/** The same in few models, for devices on which each takes long: each of them differs in several ways. */
const COMBINED: [string, TinyModelOptions][] = [
  ["float32 weights", {}],
  [
    "float16 weights without a prefix, relu, unscaled attention, one head",
    {
      dtype: "F16",
      prefix: "",
      config: { activation_function: "relu", scale_attn_weights: false, n_head: 1 },
    },
  ],
  [
    "bfloat16 weights, gelu, n_inner other than 4 × n_embd, attention scaled by block",
    {
      dtype: "BF16",
      config: {
        activation_function: "gelu",
        n_inner: 12,
        scale_attn_by_inverse_layer_idx: true,
      },
    },
  ],
];

for (const device of ["cpu", "wasm", "gpu"] as const) {
  // on a GPU made of software a block of float32 weights is tried by the whole analysis
  const combined = device === "gpu" ? COMBINED.slice(1) : COMBINED;
  for (const [what, options] of device === "cpu" ? VARIANTS : combined) {
    Deno.test({
      name: `collectHiddenStates() agrees with float64 on ${device}, ${what}`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        const error = await worstError(device, options);
        console.log(`differs from float64 by ${error.toExponential(1)}`);
        assert(error < TOLERANCE);
      },
    });
  }
}

async function worstError(request: DeviceRequest, options: TinyModelOptions): Promise<number> {
  using directory = new TemporaryDirectory();
  const tiny = writeTinyModel(directory, options);
  using device = await openDevice(request);
  const layers = [3, 0, 1]; // in any order, the last one after the final LayerNorm
  // a GPU made of software prepares its programs for each length
  const prompts = PROMPTS.filter(({ length }) => request !== "gpu" || length > 1);
  using states = await collectHiddenStates(await openLanguageModel(tiny.directory), prompts, {
    layers,
    runtime: device.runtime,
  });
  let worst = 0;
  prompts.forEach((prompt, index) => {
    const exact = hiddenStates(tiny.config, tiny.weights, prompt);
    for (const layer of layers) {
      exact[layer]!.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(states.layer(layer).read(index, 1)[i]! - value));
      });
    }
  });
  return worst;
}

/** How wide a model is on each device: on a CPU wide enough that a kernel takes several steps. */
const WIDTHS = {
  cpu: { n_embd: 260, n_inner: 300 },
  wasm: { n_embd: 260, n_inner: 300 },
  gpu: { n_embd: 18, n_inner: 50 }, // a program on the CPU is slow
} as const;

for (const device of ["cpu", "wasm", "gpu"] as const) {
  Deno.test({
    name: `collectHiddenStates() gives the same bytes whatever the size of batches on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      using directory = new TemporaryDirectory();
      const config = { ...WIDTHS[device], n_layer: 2 };
      const model = await openLanguageModel(writeTinyModel(directory, { config }).directory);
      using opened = await openDevice(device);
      const isSlow = device === "gpu"; // it prepares its programs for each size and length
      const prompts = PROMPTS.filter(({ length }) => !isSlow || length === 3);
      const statesOf = async (maxBatchNodes: number | undefined) => {
        const layers = [0, 1, 2];
        using states = await collectHiddenStates(model, prompts, {
          layers,
          runtime: opened.runtime,
          maxBatchNodes,
        });
        return layers.map((layer) => states.layer(layer).read(0, prompts.length));
      };
      const expected = await statesOf(undefined);
      // Each prompt alone, so that there are products of one row; and a last batch of one prompt.
      for (const maxBatchNodes of isSlow ? [1] : [1, 8]) {
        assert.deepEqual(await statesOf(maxBatchNodes), expected, `${maxBatchNodes} nodes`);
      }
    },
  });
}

Deno.test("collectHiddenStates() gives the same bytes from memory and from a file", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory);
  const options = { layers: [0, 2, 3], runtime: { backend: "cpu", threads: 1 } } as const;
  const model = await openLanguageModel(path);
  using inMemory = await collectHiddenStates(model, PROMPTS, options);
  const scratchDirectory = `${directory.path}/scratch`;
  Deno.mkdirSync(scratchDirectory);
  using inFile = await collectHiddenStates(model, PROMPTS, {
    ...options,
    scratchDirectory,
    maxBytes: 0,
  });
  const bytes = options.layers.length * PROMPTS.length * 8 * 4;
  assert.deepEqual(scratchFileSizes(scratchDirectory) ?? [bytes], [bytes]);
  for (const layer of options.layers) {
    for (const [first, count] of [[0, PROMPTS.length], [1, 2]] as const) {
      assert.deepEqual(
        inFile.layer(layer).read(first, count),
        inMemory.layer(layer).read(first, count),
      );
    }
  }
});

Deno.test("collectHiddenStates() gives one layer the same values as all layers", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory);
  const model = await openLanguageModel(path);
  const runtime = { backend: "cpu", threads: 1 } as const;
  using all = await collectHiddenStates(model, PROMPTS, { layers: [0, 1, 2, 3], runtime });
  for (const layer of [0, 1, 2, 3]) {
    // As a last layer it is computed at the last tokens alone, in products of other sizes.
    using alone = await collectHiddenStates(model, PROMPTS, { layers: [layer], runtime });
    const expected = all.layer(layer).read(0, PROMPTS.length);
    alone.layer(layer).read(0, PROMPTS.length).forEach((value, i) => {
      assert(Math.abs(value - expected[i]!) < TOLERANCE);
    });
  }
});

Deno.test("collectHiddenStates() gives the states of any sites, beside those of layers", async () => {
  using directory = new TemporaryDirectory();
  const model = await openLanguageModel(writeTinyModel(directory).directory);
  const runtime = { backend: "cpu", threads: 1 } as const;
  const points = ["attn_out", "mid", "mlp_out", "post"] as const;
  const sites = points.map((point) => ({ block: 1, point }));
  using states = await collectHiddenStates(model, PROMPTS, { layers: [1, 2, 3], sites, runtime });
  const at = (point: typeof points[number]) =>
    states.at({ block: 1, point }).read(0, PROMPTS.length);
  const [before, after] = [1, 2].map((layer) => states.layer(layer).read(0, PROMPTS.length));
  for (let i = 0; i < before!.length; i++) {
    // float32 sums, which the graph itself makes
    assert.equal(at("mid")[i], Math.fround(before![i]! + at("attn_out")[i]!));
    assert.equal(at("post")[i], Math.fround(at("mid")[i]! + at("mlp_out")[i]!));
  }
  assert.deepEqual(at("post"), after);
  await assert.rejects(
    collectHiddenStates(model, PROMPTS, { sites: [{ block: 3, point: "pre" }], runtime }),
    /there is no site pre 3/,
  );
});

Deno.test("collectHiddenStates() needs no block beyond the last layer asked for", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory, {
    edit: (tensors) => tensors.delete("h.2.attn.c_attn.weight"),
  });
  const model = await openLanguageModel(path);
  const runtime = { backend: "cpu", threads: 1 } as const;
  using states = await collectHiddenStates(model, PROMPTS, { layers: [2], runtime });
  assert.equal(states.layer(2).count, PROMPTS.length);
  await assert.rejects(
    collectHiddenStates(model, PROMPTS, { layers: [3], runtime }),
    new InputError(`${path}/model.safetensors: tensor h.2.attn.c_attn.weight is missing`),
  );
});

Deno.test("collectHiddenStates() reports how many prompts are done", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory);
  const done: number[] = [];
  await collectHiddenStates(await openLanguageModel(path), PROMPTS, {
    layers: [0],
    runtime: { backend: "cpu", threads: 1 },
    onProgress: (count) => done.push(count),
  });
  assert.deepEqual(done, [2, 5, 8]); // two prompts of 1 token, three of 3, three of 6
});
