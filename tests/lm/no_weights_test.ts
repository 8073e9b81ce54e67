import assert from "node:assert/strict";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

const ADAPTER = '{"peft_type": "LORA", "base_model_name_or_path": "org/base", "r": 4}';

/** Files of a directory, by name, and what is said of it. */
const WITHOUT_WEIGHTS: [string, Record<string, string>, string[]][] = [
  ["nothing", { "README.md": "" }, ["holds no weights: expected model.safetensors"]],
  [
    "a LoRA adapter",
    { "adapter_config.json": ADAPTER, "adapter_model.safetensors": "" },
    ["is a LoRA adapter (PEFT) for org/base", "merge it into its base model first"],
  ],
  [
    "a LoRA adapter and a config.json",
    { "adapter_config.json": ADAPTER, "adapter_model.bin": "", "config.json": "{}" },
    ["is a LoRA adapter (PEFT) for org/base"],
  ],
  ["a LoRA adapter without its configuration", { "adapter_model.safetensors": "" }, [
    "is a LoRA adapter (PEFT), not a model",
  ]],
  ["a LoRA adapter whose configuration is damaged", { "adapter_config.json": "{" }, [
    "is a LoRA adapter (PEFT), not a model",
  ]],
  ["an unfinished download", { "model.safetensors.incomplete": "" }, [
    "DIR/model.safetensors.incomplete is a download that has not come to its end",
  ]],
  ["a browser's unfinished download", { "pytorch_model.bin.crdownload": "" }, [
    "DIR/pytorch_model.bin.crdownload is a download",
  ]],
  [
    "an unfinished download with local_dir",
    { ".cache/huggingface/download/xyz.4d7a.incomplete": "" },
    ["DIR/.cache/huggingface/download/xyz.4d7a.incomplete is a download"],
  ],
  ["shards without an index", { "model-00001-of-00002.safetensors": "" }, [
    "holds model-00001-of-00002.safetensors, but model.safetensors.index.json",
    "is missing",
  ]],
  ["PyTorch shards without an index", { "pytorch_model-00002-of-00003.bin": "" }, [
    "pytorch_model.bin.index.json",
  ]],
  ["TensorFlow weights", { "tf_model.h5": "", "config.json": "{}" }, [
    "but tf_model.h5 (TensorFlow): expected model.safetensors or pytorch_model.bin",
    "save_pretrained()",
  ]],
  ["Flax weights", { "flax_model.msgpack": "" }, ["flax_model.msgpack (Flax)"]],
  ["a GGUF file", { "model.gguf": "" }, ["model.gguf (llama.cpp)"]],
  ["weights as their authors laid them out", { "consolidated.00.pth": "", "params.json": "" }, [
    "consolidated.00.pth (the original layout of its authors)",
  ]],
  [
    "weights of an unusual name, and the state of an optimizer",
    { "gpt2.safetensors": "", "optimizer.pt": "" },
    ["but gpt2.safetensors (under a name that says nothing to Hugging Face): "],
  ],
  ["checkpoints of a training", { "checkpoint-500/config.json": "{}", "trainer_state.json": "" }, [
    "there are models in DIR/checkpoint-500",
  ]],
];

for (const [what, files, problems] of WITHOUT_WEIGHTS) {
  Deno.test(`openLanguageModel() says of a directory with ${what} why it has no weights`, async () => {
    using directory = new TemporaryDirectory();
    for (const [name, content] of Object.entries(files)) directory.write(name, content);
    for (const problem of problems) {
      await assert.rejects(
        openLanguageModel(directory.path),
        inputErrorNaming(directory.path, problem.replace("DIR", directory.path)),
      );
    }
  });
}

Deno.test("openLanguageModel() sees among a cache's blobs that a download is unfinished", async () => {
  using directory = new TemporaryDirectory();
  directory.write("models--a--b/blobs/4d7a.incomplete", "");
  const snapshot = "models--a--b/snapshots/1111";
  directory.write(`${snapshot}/config.json`, "{}");
  await assert.rejects(
    openLanguageModel(`${directory.path}/models--a--b`),
    inputErrorNaming("blobs/4d7a.incomplete", "is a download that has not come to its end"),
  );
});

Deno.test("openLanguageModel() does not guess whether an adapter is part of the weights beside it", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory);
  directory.write("lm/adapter_config.json", ADAPTER);
  await openLanguageModel(path); // a trace of what was merged
  directory.write("lm/adapter_model.safetensors", "");
  await assert.rejects(
    openLanguageModel(path),
    inputErrorNaming(path, "is a LoRA adapter (PEFT) for org/base, and holds a model's weights"),
  );
});
