import assert from "node:assert/strict";
import { collectHiddenStates } from "../../lib/lm/hidden_states.ts";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import {
  checkWeightShapes,
  findWeights,
  type ModelWeights,
  nameWeights,
  weightOf,
} from "../../lib/lm/weights.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { safetensors, type TinyTensor } from "../support/tiny_model.ts";
import { torchFile, torchTensor, torchView } from "../support/torch_file.ts";

const TORCH_LM = new URL("../fixtures/torch_lm", import.meta.url).pathname;

/** The weights of a GPT-2. */
async function namedWeights(directory: string): Promise<ModelWeights> {
  return nameWeights(await findWeights(directory), "transformer.");
}

const ONE: TinyTensor = { shape: [1], values: Float32Array.of(1) };

Deno.test("collectHiddenStates() refuses weights that do not fit their checksum", async () => {
  using directory = new TemporaryDirectory();
  for (const name of ["config.json", "tokenizer.json"]) {
    directory.write(name, Deno.readTextFileSync(`${TORCH_LM}/${name}`));
  }
  const bytes = Deno.readFileSync(`${TORCH_LM}/pytorch_model.bin`);
  const path = directory.write("pytorch_model.bin", bytes);
  const { file, names } = await namedWeights(directory.path);
  const { offset, byteLength } = file.place(names.get("h.0.mlp.c_fc.weight")!)!;
  bytes[offset + byteLength - 1]! ^= 1; // as good a number as before
  directory.write("pytorch_model.bin", bytes);
  const model = await openLanguageModel(directory.path);
  const runtime = { backend: "cpu", threads: 1 } as const;
  await assert.rejects(
    collectHiddenStates(model, [[1, 2]], { layers: [1], runtime }),
    inputErrorNaming(path, "does not match its data"),
  );
});

Deno.test("nameWeights() refuses two tensors that are one without their prefix", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "model.safetensors",
    safetensors(new Map([["transformer.w", ONE], ["module.w", ONE]])),
  );
  await assert.rejects(
    namedWeights(directory.path),
    inputErrorNaming(path, "has two tensors w: transformer.w and module.w"),
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
  assert.equal((await namedWeights(directory.path)).names.size, 2);
  const path = write(20);
  await assert.rejects(findWeights(directory.path), inputErrorNaming(path, "they share storage"));
});

Deno.test("checkWeightShapes() refuses views that make a small file a large model", async () => {
  using directory = new TemporaryDirectory();
  const names = Array.from(
    { length: 20 },
    (_, i) => [`w${i}`, torchView("0", { shape: [10, 100], strides: [1, 10] })], // transposed
  );
  const storages = { 0: new Float32Array(1000) };
  const content = torchFile(Object.fromEntries(names), storages);
  const path = directory.write("pytorch_model.bin", content);
  const weights = await namedWeights(directory.path);
  const shapes = (count: number) =>
    new Map(Array.from({ length: count }, (_, i) => [`w${i}`, [10, 100]]));
  checkWeightShapes(weights, shapes(2));
  assert.throws(
    () => checkWeightShapes(weights, shapes(20)),
    inputErrorNaming(path, "they share storage"),
  );
});

/** A directory's files, in the order in which they are looked for. */
const NAMES = [
  "model.safetensors",
  "model.safetensors.index.json",
  "model-00001-of-00001.safetensors",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
  "pytorch_model-00001-of-00001.bin",
] as const;

/** What each holds; an index names a shard that no other entry of the list is. */
function contentOf(name: string): string | Uint8Array {
  if (name.endsWith(".json")) {
    const shard = name.includes("safetensors") ? "a.safetensors" : "a.bin";
    return JSON.stringify({ weight_map: { w: shard } });
  }
  if (name.endsWith(".safetensors")) return safetensors(new Map([["w", ONE]]));
  return torchFile({ w: torchTensor("0", [1]) }, { 0: ONE.values });
}

Deno.test("findWeights() takes the files of a directory in transformers' order", async () => {
  using directory = new TemporaryDirectory();
  directory.write("a.safetensors", contentOf("a.safetensors"));
  directory.write("a.bin", contentOf("a.bin"));
  for (const name of NAMES.toReversed()) {
    const path = directory.write(name, contentOf(name));
    const file = await findWeights(directory.path);
    assert.equal(file.path, path);
    assert.deepEqual([...await file.read("w")], [1]);
  }
});

for (const name of NAMES) {
  Deno.test(`findWeights() takes nothing else where ${name} is a link that leads nowhere`, async () => {
    using directory = new TemporaryDirectory();
    directory.write("a.safetensors", contentOf("a.safetensors"));
    directory.write("a.bin", contentOf("a.bin"));
    for (const other of NAMES) {
      if (NAMES.indexOf(other) > NAMES.indexOf(name)) directory.write(other, contentOf(other));
    }
    const path = `${directory.path}/${name}`;
    Deno.symlinkSync("../../blobs/4d7a", path);
    await assert.rejects(
      findWeights(directory.path),
      inputErrorNaming(path, "is a link to ../../blobs/4d7a, which does not exist"),
    );
  });
}

const IN_ITS_PLACE: [string, (path: string) => void, string][] = [
  ["a directory", (path) => Deno.mkdirSync(path), "is a directory, expected a file"],
  ["a circle of links", (path) => Deno.symlinkSync(path, path), "links lead in a circle"],
];

for (const [what, make, problem] of IN_ITS_PLACE) {
  Deno.test(`findWeights() takes nothing else where model.safetensors is ${what}`, async () => {
    using directory = new TemporaryDirectory();
    directory.write("pytorch_model.bin", contentOf("pytorch_model.bin"));
    const path = `${directory.path}/model.safetensors`;
    make(path);
    await assert.rejects(findWeights(directory.path), inputErrorNaming(path, problem));
  });
}

Deno.test("weightOf() names the type of a weight that it cannot use", async () => {
  using directory = new TemporaryDirectory();
  const header = JSON.stringify({
    ids: { dtype: "I64", shape: [1], data_offsets: [0, 8] },
    small: { dtype: "F8_E4M3", shape: [1], data_offsets: [8, 9] },
  });
  const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer);
  const path = directory.write(
    "model.safetensors",
    Uint8Array.of(...length, ...new TextEncoder().encode(header), ...new Uint8Array(9)),
  );
  const weights = await namedWeights(directory.path);
  assert.throws(() => weightOf(weights, "ids", [1]), inputErrorNaming(path, "ids is int64"));
  assert.throws(() => weightOf(weights, "small", [1]), inputErrorNaming(path, "small is F8_E4M3"));
  assert.throws(() => weightOf(weights, "none", [1]), inputErrorNaming(path, "none is missing"));
});
