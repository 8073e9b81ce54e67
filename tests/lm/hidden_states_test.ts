/** The language model on ONNX Runtime against GPT-2 in float64. */
import assert from "node:assert/strict";
import { type DeviceRequest, openDevice } from "../../lib/compute/device.ts";
import type { Gpu } from "../../lib/compute/gpu.ts";
import { InputError } from "../../lib/base/errors.ts";
import { collectHiddenStates } from "../../lib/lm/hidden_states.ts";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { hiddenStates } from "../support/float64_gpt2.ts";
import { expectsGpu, gpuTest, reportNoMemory } from "../support/gpu.ts";
import { inputError } from "../support/input_errors.ts";
import { scratchFileSizes } from "../support/scratch_files.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { type TinyModelOptions, writeTinyModel } from "../support/tiny_model.ts";

/** Prompts of three lengths, out of order, so that batching shows, and some that begin alike. */
const PROMPTS = [
  [5, 17, 300],
  [9],
  [1, 2, 3, 4, 5, 6],
  [400, 3, 18],
  [419],
  [1, 2, 3, 9, 5, 6],
  [5, 17, 300],
  [1, 2, 3, 4, 5, 7],
];
/** States are of the order of 1 here; float32 keeps seven digits, a few are lost in the blocks. */
const TOLERANCE = 2e-5;

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
  for (const [what, options] of device === "cpu" ? VARIANTS : COMBINED) {
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
  using states = await collectHiddenStates(await openLanguageModel(tiny.directory), PROMPTS, {
    layers,
    runtime: device.runtime,
  });
  let worst = 0;
  PROMPTS.forEach((prompt, index) => {
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
      const statesOf = async (maxBatchNodes: number | undefined) => {
        const layers = [0, 1, 2];
        using states = await collectHiddenStates(model, PROMPTS, {
          layers,
          runtime: opened.runtime,
          maxBatchNodes,
        });
        return layers.map((layer) => states.layer(layer).read(0, PROMPTS.length));
      };
      const expected = await statesOf(undefined);
      // Each prompt alone, so that there are products of one row; and a last batch of one prompt.
      for (const maxBatchNodes of [1, 8]) {
        assert.deepEqual(await statesOf(maxBatchNodes), expected, `${maxBatchNodes} nodes`);
      }
    },
  });
}

/** Says to a GPU that there was no memory, each time a buffer is larger. */
function limitMemory(gpu: Gpu, mostBytes: number): void {
  const { device } = gpu;
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (description) => {
    if (description.size > mostBytes) reportNoMemory(gpu);
    return createBuffer(description);
  };
}

/** Enough prompts that what lies between the layers takes more than the weights. */
const MANY_PROMPTS = Array.from({ length: 300 }, (_, i) => [i, i + 1, i + 2]);

gpuTest(
  "collectHiddenStates() goes on in smaller batches where a GPU has too little memory",
  async (gpu) => {
    using directory = new TemporaryDirectory();
    const config = { n_layer: 2 }; // of which each is a program more to prepare, at each try
    const model = await openLanguageModel(writeTinyModel(directory, { config }).directory);
    const layers = [1, 2];
    const notes: string[] = [];
    const options = {
      layers,
      runtime: { backend: "webgpu", threads: 1, gpu },
      onNote: (note: string) => notes.push(note),
    } as const;
    using expected = await collectHiddenStates(model, MANY_PROMPTS, options);
    assert.deepEqual(notes, []);
    limitMemory(gpu, 70_000); // 512 tokens at a time take 64 KiB
    using states = await collectHiddenStates(model, MANY_PROMPTS, options);
    assert(notes.length > 0, "it met the limit");
    assert.match(notes[0]!, /too little memory: .*with 8192 tokens .* at a time; .* with 2048$/);
    for (const layer of layers) {
      assert.deepEqual(states.layer(layer).read(0, 300), expected.layer(layer).read(0, 300));
    }
  },
);

gpuTest(
  "collectHiddenStates() explains itself where even small batches do not fit",
  async (gpu) => {
    using directory = new TemporaryDirectory();
    const model = await openLanguageModel(writeTinyModel(directory).directory);
    limitMemory(gpu, 0);
    const runtime = { backend: "webgpu", threads: 1, gpu } as const;
    await assert.rejects(
      collectHiddenStates(model, PROMPTS, { layers: [1], runtime, maxBatchNodes: 64 }),
      inputError(
        /too little memory: .*, with 32 tokens .* at a time; end what else .*--device cpu$/,
      ),
    );
  },
);

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

Deno.test("collectHiddenStates() removes its file if it fails", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory, {
    edit: (tensors) => tensors.get("h.1.mlp.c_fc.weight")!.values.fill(NaN, 0, 1),
  });
  const scratchDirectory = `${directory.path}/scratch`;
  Deno.mkdirSync(scratchDirectory);
  await assert.rejects(collectHiddenStates(await openLanguageModel(path), PROMPTS, {
    layers: [3],
    runtime: { backend: "cpu", threads: 1 },
    scratchDirectory,
    maxBytes: 0,
  }));
  assert.deepEqual([...Deno.readDirSync(scratchDirectory)], []);
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

Deno.test("collectHiddenStates() names both shapes of a misshapen tensor", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory, {
    edit: (tensors) => tensors.set("h.0.ln_1.bias", { shape: [3], values: new Float32Array(3) }),
  });
  await assert.rejects(
    collectHiddenStates(await openLanguageModel(path), PROMPTS, {
      layers: [1],
      runtime: { backend: "cpu", threads: 1 },
    }),
    new InputError(
      `${path}/model.safetensors: tensor h.0.ln_1.bias has shape [3], expected [8]`,
    ),
  );
});

for (const value of [NaN, Infinity]) {
  Deno.test(`collectHiddenStates() refuses a weight that is ${value}`, async () => {
    using directory = new TemporaryDirectory();
    const { directory: path } = writeTinyModel(directory, {
      edit: (tensors) => tensors.get("h.1.mlp.c_fc.weight")!.values.fill(value, 0, 1),
    });
    await assert.rejects(
      collectHiddenStates(await openLanguageModel(path), PROMPTS, {
        layers: [1, 2],
        runtime: { backend: "cpu", threads: 1 },
      }),
      new InputError(
        `${path}/model.safetensors: tensor transformer.h.1.mlp.c_fc.weight holds ${value} at ` +
          "position 0, expected finite numbers",
      ),
    );
  });
}

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

Deno.test("collectHiddenStates() runs blocks one by one within a bound, with the same bytes", async () => {
  using directory = new TemporaryDirectory();
  const model = await openLanguageModel(writeTinyModel(directory).directory);
  const notes: string[] = [];
  const options = {
    layers: [0, 1, 2, 3],
    runtime: { backend: "cpu", threads: 1 },
    onNote: (note: string) => notes.push(note),
  } as const;
  using atOnce = await collectHiddenStates(model, PROMPTS, options);
  assert.deepEqual(notes, []);
  // half of the bound is for weights: block 0 takes 10 KB with the positions, all three 24 KB
  using bounded = await collectHiddenStates(model, PROMPTS, { ...options, maxMemory: 30_000 });
  assert.match(notes[0]!, /^the language model runs one block after the other: its weights/);
  for (const layer of options.layers) {
    assert.deepEqual(bounded.layer(layer).read(0, 8), atOnce.layer(layer).read(0, 8));
  }
  await assert.rejects(
    collectHiddenStates(model, PROMPTS, { ...options, maxMemory: 1000 }),
    inputError(/model\.safetensors: block \d of the model takes about 1 MiB .*--max_memory/),
  );
});
