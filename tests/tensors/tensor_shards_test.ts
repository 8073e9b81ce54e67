import assert from "node:assert/strict";
import { openTensorShards } from "../../lib/tensors/tensor_shards.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { safetensors, type TinyTensor } from "../support/tiny_model.ts";

const A = "model-00001-of-00002.safetensors";
const B = "model-00002-of-00002.safetensors";

/** A shard of tensors of one number each. */
function shard(...names: string[]): Uint8Array {
  const tensors = names.map((name, i): [string, TinyTensor] => [
    name,
    { shape: [1], values: Float32Array.of(i + 1) },
  ]);
  return safetensors(new Map(tensors));
}

/** Writes an index and shards, and returns the path of the index. */
function write(
  directory: TemporaryDirectory,
  index: unknown,
  shards: Record<string, Uint8Array> = { [A]: shard("a", "b"), [B]: shard("c") },
): string {
  for (const [name, content] of Object.entries(shards)) directory.write(name, content);
  return directory.write("model.safetensors.index.json", JSON.stringify(index));
}

const WEIGHT_MAP = { a: A, b: A, c: B };

Deno.test("openTensorShards() finds each tensor in its shard", async () => {
  using directory = new TemporaryDirectory();
  const path = write(directory, { metadata: { total_size: 12 }, weight_map: WEIGHT_MAP });
  const file = await openTensorShards(path);
  assert.equal(file.path, path);
  assert.deepEqual(
    file.files.map(({ path }) => path),
    [path, `${directory.path}/${A}`, `${directory.path}/${B}`],
  );
  assert.deepEqual([...file.tensors.keys()], ["a", "b", "c"]);
  assert.deepEqual([...await file.read("b")], [2]);
  assert.deepEqual([...await file.read("c")], [1]);
  assert.equal(file.place("c")!.path, `${directory.path}/${B}`);
  await file.verify(["a", "c"]);
});

const REFUSED: [string, unknown, Record<string, Uint8Array> | undefined, string, string][] = [
  [
    "a shard that is missing",
    { weight_map: WEIGHT_MAP },
    { [A]: shard("a", "b") },
    B,
    "does not exist; download the model again",
  ],
  [
    "shards that are missing",
    { weight_map: { ...WEIGHT_MAP, d: "model-00003-of-00003.safetensors" } },
    { [A]: shard("a", "b") },
    B,
    "and 1 more of the 3 shards",
  ],
  [
    "a tensor in another shard than the index says",
    { weight_map: { ...WEIGHT_MAP, b: B } },
    undefined,
    A,
    `holds tensor b, but DIR/model.safetensors.index.json says that it is in ${B}`,
  ],
  [
    "a tensor in two shards",
    { weight_map: WEIGHT_MAP },
    { [A]: shard("a", "b"), [B]: shard("c", "a") },
    B,
    "holds tensor a, but",
  ],
  [
    "a tensor that the index does not list",
    { weight_map: WEIGHT_MAP },
    { [A]: shard("a", "b"), [B]: shard("c", "d") },
    B,
    "holds tensor d, but DIR/model.safetensors.index.json does not list it",
  ],
  [
    "a tensor that no shard holds",
    { weight_map: { ...WEIGHT_MAP, d: B } },
    undefined,
    B,
    "does not hold tensor d",
  ],
  ["an index without tensors", { weight_map: {} }, undefined, "index.json", "names no shard"],
  ["an index that is none", {}, undefined, "index.json", "weight_map is missing"],
  [
    "a shard in another folder",
    { weight_map: { a: "../secret.safetensors" } },
    undefined,
    "index.json",
    "weight_map.a: expected the name of a shard",
  ],
  [
    "a shard of another format",
    { weight_map: { a: "passwd" } },
    undefined,
    "index.json",
    "expected the name of a shard",
  ],
  [
    "a shard that is a Git LFS pointer",
    { weight_map: WEIGHT_MAP },
    {
      [A]: shard("a", "b"),
      [B]: new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
    },
    B,
    "Git LFS pointer",
  ],
];

for (const [what, index, shards, file, problem] of REFUSED) {
  Deno.test(`openTensorShards() refuses ${what}`, async () => {
    using directory = new TemporaryDirectory();
    const path = write(directory, index, shards);
    await assert.rejects(
      openTensorShards(path),
      inputErrorNaming(file, problem.replace("DIR", directory.path)),
    );
  });
}

Deno.test("openTensorShards() accepts a listed tensor of a type that coact does not know", async () => {
  using directory = new TemporaryDirectory();
  const header = JSON.stringify({ a: { dtype: "F4", shape: [2], data_offsets: [0, 1] } });
  const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer);
  const bytes = Uint8Array.of(...length, ...new TextEncoder().encode(header), 7);
  const file = await openTensorShards(write(directory, { weight_map: { a: A } }, { [A]: bytes }));
  assert.deepEqual([...file.unreadable], [["a", "F4"]]);
  await assert.rejects(file.read("a"), inputErrorNaming("index.json", "a is F4"));
});

Deno.test("openTensorShards() points to the unfinished download of a shard", async () => {
  using directory = new TemporaryDirectory();
  const path = write(directory, { weight_map: WEIGHT_MAP }, { [A]: shard("a", "b") });
  const unfinished = directory.write(`${B}.incomplete`, "");
  await assert.rejects(openTensorShards(path), inputErrorNaming(unfinished, B));
});
