import assert from "node:assert/strict";
import { openTensorFile } from "../../lib/tensors/open_tensor_file.ts";
import type { TensorFile } from "../../lib/tensors/tensor_file.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { safetensors } from "../support/tiny_model.ts";
import { pickleOf, torchFile, torchTensor, torchView } from "../support/torch_file.ts";

const MATRIX = { shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) };

/** One matrix in each format, and in PyTorch's as the transposed view of another. */
const FORMATS: Record<string, { name: string; content: () => Uint8Array }> = {
  "a safetensors file": {
    name: "model.safetensors",
    content: () => safetensors(new Map([["w", MATRIX]])),
  },
  "a PyTorch file": {
    name: "pytorch_model.bin",
    content: () => torchFile({ w: torchTensor("0", [3, 2]) }, { 0: MATRIX.values }),
  },
  "a transposed view in a PyTorch file": {
    name: "weights.pt",
    content: () =>
      torchFile(
        { w: torchView("0", { shape: [3, 2], strides: [1, 3] }) },
        { 0: Float32Array.of(1, 3, 5, 2, 4, 6) },
      ),
  },
};

for (const [what, { name, content }] of Object.entries(FORMATS)) {
  const open = async (directory: TemporaryDirectory): Promise<TensorFile> =>
    await openTensorFile(directory.write(name, content()));

  Deno.test(`TensorFile reads a tensor of ${what}, or some of its rows`, async () => {
    using directory = new TemporaryDirectory();
    const file = await open(directory);
    const path = `${directory.path}/${name}`;
    const layout = what.startsWith("a transposed") ? { layout: "strided" } : {};
    assert.deepEqual([...file.tensors], [
      ["w", { name: "w", dataType: "float32", shape: [3, 2], path, ...layout }],
    ]);
    assert.deepEqual([...await file.read("w")], [1, 2, 3, 4, 5, 6]);
    assert.deepEqual([...await file.read("w", { start: 1, end: 3 })], [3, 4, 5, 6]);
    assert.deepEqual([...await file.read("w", { start: 2, end: 2 })], []);
    const second = { start: 1, end: 2 };
    assert.deepEqual([...await file.read("w", undefined, second)], [2, 4, 6]);
    assert.deepEqual([...await file.read("w", { start: 1, end: 3 }, second)], [4, 6]);
    assert.deepEqual([...await file.read("w", second, { start: 0, end: 0 })], []);
    await file.verify(["w"]);
    assert.deepEqual([...await file.read("w")], [1, 2, 3, 4, 5, 6]);
  });

  Deno.test(`TensorFile reads a tensor of ${what} through, with the checksums that there are`, async () => {
    using directory = new TemporaryDirectory();
    const file = await open(directory);
    const pieces = await Array.fromAsync(file.pieces("w"));
    assert.deepEqual(pieces.flatMap((piece) => [...piece]), [1, 2, 3, 4, 5, 6]);
    await assert.rejects(
      Array.fromAsync(file.pieces("v")),
      inputErrorNaming(name, "tensor v is missing"),
    );
    if (name === "model.safetensors") return; // it has no checksums
    const bytes = content();
    bytes[bytes.findIndex((_, i) => new DataView(bytes.buffer).getFloat32(i, true) === 6)]! ^= 1;
    const damaged = await openTensorFile(directory.write(`damaged_${name}`, bytes));
    await assert.rejects(Array.fromAsync(damaged.pieces("w")), inputErrorNaming(name, "checksum"));
  });

  Deno.test(`TensorFile says where the elements lie in ${what}, if one after the other`, async () => {
    using directory = new TemporaryDirectory();
    const file = await open(directory);
    const place = file.place("w");
    if (what.startsWith("a transposed")) return assert.equal(place, undefined);
    const { offset, byteLength, path } = place!;
    const bytes = Deno.readFileSync(path).slice(offset, offset + byteLength);
    assert.deepEqual([...new Float32Array(bytes.buffer)], [...MATRIX.values]);
  });

  Deno.test(`TensorFile refuses what ${what} does not have`, async () => {
    using directory = new TemporaryDirectory();
    const file = await open(directory);
    await assert.rejects(file.read("v"), inputErrorNaming(name, "tensor v is missing"));
    assert.throws(() => file.place("v"), inputErrorNaming(name, "tensor v is missing"));
    await assert.rejects(
      file.read("w", { start: 2, end: 4 }),
      inputErrorNaming(name, "tensor w of shape [3, 2] has no rows 2 to 4"),
    );
    await assert.rejects(
      file.read("w", undefined, { start: 0, end: 3 }),
      inputErrorNaming(name, "tensor w of shape [3, 2] has no columns 0 to 3"),
    );
  });

  Deno.test(`TensorFile notices that ${what} has become another one`, async () => {
    using directory = new TemporaryDirectory();
    const file = await open(directory);
    directory.write(name, "");
    await assert.rejects(file.read("w"), inputErrorNaming(name, "was changed"));
    await assert.rejects(file.files[0]!.sha256(), inputErrorNaming(name, "was changed"));
  });
}

Deno.test("TensorFile.verify() notices damage where the format has checksums", async () => {
  using directory = new TemporaryDirectory();
  const bytes = FORMATS["a PyTorch file"]!.content();
  const path = directory.write("weights.bin", bytes);
  const { offset } = (await openTensorFile(path)).place("w")!;
  bytes[offset]! ^= 1;
  directory.write("weights.bin", bytes);
  const file = await openTensorFile(path);
  await assert.rejects(file.verify(["w"]), inputErrorNaming(path, "does not match its data"));
  await assert.rejects(file.read("w"), inputErrorNaming(path, "does not match its data"));
});

Deno.test("openTensorFile() takes from a state dict what is a tensor", async () => {
  using directory = new TemporaryDirectory();
  const content = torchFile({ w: torchTensor("0", [3, 2]), step: 5 }, { 0: MATRIX.values });
  const file = await openTensorFile(directory.write("weights.bin", content));
  assert.deepEqual([...file.tensors.keys()], ["w"]);
  assert.deepEqual([...file.unreadable], [["step", "no tensor"]]);
  assert.deepEqual([...file.values], [["step", 5]]);
});

Deno.test("TensorFile.part() is a dict of tensors within a state dict", async () => {
  using directory = new TemporaryDirectory();
  const content = torchFile({ cfg: "x", inner: { w: torchTensor("0", [3, 2]) } }, {
    0: MATRIX.values,
  });
  const file = await openTensorFile(directory.write("weights.bin", content));
  assert.equal(file.tensors.size, 0);
  assert.deepEqual(await file.part("inner")!.read("w"), MATRIX.values);
  assert.equal(file.part("cfg"), undefined);
  assert.equal(file.part("none"), undefined);
});

Deno.test("TensorFile.readNumbers() reads integers and what is not finite", async () => {
  using directory = new TemporaryDirectory();
  const content = torchFile({
    k: torchTensor("0", [], "IntStorage"),
    mean: torchTensor("1", [2]),
    turned: torchView("2", { shape: [3, 2], strides: [1, 3] }),
    many: torchView("3", { shape: [2 ** 21, 1], strides: [0, 1] }),
  }, {
    0: Int32Array.of(-7),
    1: Float32Array.of(NaN, Infinity),
    2: MATRIX.values,
    3: Float32Array.of(1),
  });
  const file = await openTensorFile(directory.write("weights.bin", content));
  assert.deepEqual([...await file.readNumbers("k")], [-7]);
  assert.deepEqual([...await file.readNumbers("mean")], [NaN, Infinity]);
  assert.deepEqual(await file.readNumbers("turned"), Float64Array.from(await file.read("turned")));
  await assert.rejects(
    file.readNumbers("many"),
    inputErrorNaming("weights.bin", "at most 1048576"),
  );
});

Deno.test("openTensorFile() names the class of an object that is no state dict", async () => {
  using directory = new TemporaryDirectory();
  const content = torchFile(pickleOf("cos\nsystem\n(Vtrue\ntR."), {});
  await assert.rejects(
    openTensorFile(directory.write("weights.pt", content)),
    inputErrorNaming("weights.pt", "holds what os.system makes, no state dict"),
  );
});

const REFUSED: [string, string, string | Uint8Array, string][] = [
  ["a format that it does not know", "model.gguf", "GGUF", "is in no format known to coact"],
  ["a name without an ending", "model", "", "is in no format known to coact"],
  [
    "a Git LFS pointer",
    "model.safetensors",
    "version https://git-lfs.github.com/spec/v1\n",
    "Git LFS",
  ],
  ["a web page", "pytorch_model.bin", "<!doctype html><title>Sign in</title>", "web page"],
  ["an empty file", "model.safetensors", "", "is empty"],
  ["another format in its place", "model.safetensors", torchFile({}, {}), "is a zip archive"],
];

for (const [what, name, content, problem] of REFUSED) {
  Deno.test(`openTensorFile() refuses ${what}`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write(name, content);
    await assert.rejects(openTensorFile(path), inputErrorNaming(path, problem));
  });
}

Deno.test("openTensorFile() points to the download of which a file is the beginning", async () => {
  using directory = new TemporaryDirectory();
  const bytes = FORMATS["a safetensors file"]!.content();
  const path = directory.write("model.safetensors", bytes.slice(0, -1));
  const unfinished = directory.write("model.safetensors.aria2", "");
  await assert.rejects(openTensorFile(path), inputErrorNaming(path, "truncated"));
  await assert.rejects(openTensorFile(path), inputErrorNaming(path, unfinished));
});

Deno.test("openTensorFile() calls a directory one, and no unknown format", async () => {
  using directory = new TemporaryDirectory();
  Deno.mkdirSync(`${directory.path}/states`);
  await assert.rejects(
    openTensorFile(`${directory.path}/states`),
    inputErrorNaming(`${directory.path}/states`, "is a directory, expected a file"),
  );
});
