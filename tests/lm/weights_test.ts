import assert from "node:assert/strict";
import { collectHiddenStates } from "../../lib/lm/hidden_states.ts";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { findWeights, verifyWeights } from "../../lib/lm/weights.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { safetensors } from "../support/tiny_model.ts";
import { torchFile, torchTensor } from "../support/torch_file.ts";

const TORCH_LM = new URL("../fixtures/torch_lm", import.meta.url).pathname;

Deno.test("verifyWeights() finds nothing wrong with what PyTorch saved", async () => {
  const weights = await findWeights(TORCH_LM);
  assert(weights.checksummed.length > 0);
  await verifyWeights(weights);
});

Deno.test("verifyWeights() has nothing to hold a safetensors file against", async () => {
  using directory = new TemporaryDirectory();
  const tensors = new Map([["w", { shape: [2], values: Float32Array.of(1, 2) }]]);
  directory.write("model.safetensors", safetensors(tensors));
  await verifyWeights(await findWeights(directory.path));
});

Deno.test("collectHiddenStates() refuses weights that do not fit their checksum", async () => {
  using directory = new TemporaryDirectory();
  for (const name of ["config.json", "tokenizer.json"]) {
    directory.write(name, Deno.readTextFileSync(`${TORCH_LM}/${name}`));
  }
  const bytes = Deno.readFileSync(`${TORCH_LM}/pytorch_model.bin`);
  const path = directory.write("pytorch_model.bin", bytes);
  const { tensors } = await findWeights(directory.path);
  const { offset, byteLength } = tensors.get("h.0.mlp.c_fc.weight")!;
  bytes[offset + byteLength - 1]! ^= 1; // as good a number as before
  directory.write("pytorch_model.bin", bytes);
  const model = await openLanguageModel(directory.path);
  const runtime = { backend: "cpu", threads: 1 } as const;
  await assert.rejects(
    collectHiddenStates(model, [[1, 2]], { layers: [1], runtime }),
    inputErrorNaming(path, "does not match its data"),
  );
});

Deno.test("findWeights() refuses two tensors that are one without their prefix", async () => {
  using directory = new TemporaryDirectory();
  const tensor = { shape: [1], values: Float32Array.of(1) };
  const path = directory.write(
    "model.safetensors",
    safetensors(new Map([["transformer.w", tensor], ["module.w", tensor]])),
  );
  await assert.rejects(
    findWeights(directory.path),
    inputErrorNaming(path, "has two tensors w"),
  );
});

Deno.test("findWeights() accepts a tensor under two names, but no storage used again and again", async () => {
  using directory = new TemporaryDirectory();
  const write = (count: number) => {
    const names = Array.from({ length: count }, (_, i) => [`w${i}`, torchTensor("0", [1000])]);
    const storages = { 0: new Float32Array(1000) };
    return directory.write("pytorch_model.bin", torchFile(Object.fromEntries(names), storages));
  };
  write(2);
  assert.equal((await findWeights(directory.path)).tensors.size, 2);
  const path = write(20);
  await assert.rejects(findWeights(directory.path), inputErrorNaming(path, "they share storage"));
});
