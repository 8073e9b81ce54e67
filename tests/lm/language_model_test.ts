import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import { collectHiddenStates } from "../../lib/lm/hidden_states.ts";
import { checkLayers, openLanguageModel } from "../../lib/lm/language_model.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

const TORCH_LM = new URL("../fixtures/torch_lm", import.meta.url).pathname;

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`openLanguageModel() runs a float16 pytorch_model.bin in place on ${backend}`, async () => {
    const { prompts, states } = JSON.parse(
      await Deno.readTextFile(`${TORCH_LM}/hidden_states.json`),
    ) as { prompts: number[][]; states: number[][][] };
    using found = await collectHiddenStates(await openLanguageModel(TORCH_LM), prompts, {
      layers: [0, 1, 2],
      runtime: { backend, threads: 1 },
    });
    for (const layer of [0, 1, 2]) {
      states.forEach((expected, prompt) => {
        const values = found.layer(layer).read(prompt, 1);
        expected[layer]!.forEach((value, i) => {
          // float32 against PyTorch's float64; states are of the order of 1
          assert(Math.abs(values[i]! - value) < 1e-5);
        });
      });
    }
  });
}

Deno.test("openLanguageModel() prefers safetensors to pytorch_model.bin", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory);
  directory.write("lm/pytorch_model.bin", "of no use");
  assert.equal((await openLanguageModel(path)).weights.file.path, `${path}/model.safetensors`);
});

Deno.test("openLanguageModel() refuses a file in the place of a directory", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("lm", "");
  await assert.rejects(
    openLanguageModel(path),
    new InputError(`${path} is no directory, expected a Hugging Face directory`),
  );
});

Deno.test("checkLayers() accepts 0 to n_layer", async () => {
  using directory = new TemporaryDirectory();
  const model = await openLanguageModel(writeTinyModel(directory).directory);
  checkLayers(model, [0, 3]);
  assert.throws(() => checkLayers(model, [4]), InputError);
});

Deno.test("openLanguageModel() runs a model behind links, as in Hugging Face's cache", async () => {
  using directory = new TemporaryDirectory();
  const tiny = writeTinyModel(directory);
  Deno.mkdirSync(`${directory.path}/blobs`);
  Deno.mkdirSync(`${directory.path}/snapshot`);
  for (const { name } of Deno.readDirSync(tiny.directory)) {
    Deno.renameSync(`${tiny.directory}/${name}`, `${directory.path}/blobs/${name}.blob`);
    Deno.symlinkSync(`../blobs/${name}.blob`, `${directory.path}/snapshot/${name}`);
  }
  const model = await openLanguageModel(`${directory.path}/snapshot`);
  const runtime = { backend: "cpu", threads: 1 } as const;
  using states = await collectHiddenStates(model, [[1, 2]], { layers: [3], runtime });
  assert.equal(states.layer(3).count, 1);
});

Deno.test("openLanguageModel() opens a model of early 2020, whose config.json has no model_type", async () => {
  using directory = new TemporaryDirectory();
  const config = { model_type: undefined, architectures: ["GPT2LMHeadModel"] };
  const model = await openLanguageModel(writeTinyModel(directory, { config }).directory);
  assert.equal(model.config.model_type, "gpt2");
});

for (
  const name of ["config.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.json"]
) {
  Deno.test(`openLanguageModel() names an unfinished download of ${name}`, async () => {
    using directory = new TemporaryDirectory();
    const { directory: path } = writeTinyModel(directory);
    // vocab.json stands for a tokenizer.json that is not there yet
    const missing = name === "vocab.json" ? "tokenizer.json" : name;
    if (name === "vocab.json") directory.write("lm/vocab.json", "{}");
    const download = directory.write(`lm/${missing}.incomplete`, "");
    await Deno.remove(`${path}/${missing}`).catch(() => {}); // some models have none
    await assert.rejects(
      openLanguageModel(path),
      new InputError(
        `${path}/${missing} does not exist; ${download} is a download that has not come to its ` +
          "end: finish it, or remove it",
      ),
    );
  });
}

Deno.test("openLanguageModel() takes no weights while those that go before them are downloaded", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory);
  Deno.renameSync(`${path}/model.safetensors`, `${path}/model-00001-of-00001.safetensors`);
  const download = directory.write("lm/model.safetensors.incomplete", "");
  await assert.rejects(
    openLanguageModel(path),
    new InputError(
      `${path}/model-00001-of-00001.safetensors is not taken; ${download} is a download that has ` +
        "not come to its end: finish it, or remove it",
    ),
  );
});
