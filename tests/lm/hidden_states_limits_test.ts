/** What a language model does where memory or its weights fail it. */
import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import type { Gpu } from "../../lib/compute/gpu.ts";
import { collectHiddenStates } from "../../lib/lm/hidden_states.ts";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { gpuTest, reportNoMemory } from "../support/gpu.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyModel } from "../support/tiny_model.ts";
import { PROMPTS } from "./some_prompts.ts";

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
    const config = { n_layer: 1 }; // of which each is a program more to prepare, at each try
    const model = await openLanguageModel(writeTinyModel(directory, { config }).directory);
    const layers = [0, 1];
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
