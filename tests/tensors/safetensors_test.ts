import assert from "node:assert/strict";
import { type ByteSource, FileSource } from "../../lib/files/byte_source.ts";
import { readFloat32 } from "../support/read_float32.ts";
import { readSafetensors } from "../../lib/tensors/safetensors.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { concatenate, f32, u64 } from "./bytes.ts";
import { CountingSource } from "./counting_source.ts";
import { bytesSource } from "../support/bytes_source.ts";

/** A file of a header, given as a value or as text, and data. */
function safetensors(header: unknown, data: Uint8Array = new Uint8Array(0)): ByteSource {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const bytes = new TextEncoder().encode(text);
  return bytesSource("model.safetensors", concatenate(u64(bytes.length), bytes, data));
}

function float32(shape: number[], start: number, end: number): object {
  return { dtype: "F32", shape, data_offsets: [start, end] };
}

Deno.test("readSafetensors() says where the tensors lie", async () => {
  const header = {
    __metadata__: { format: "pt" },
    b: { dtype: "I64", shape: [], data_offsets: [8, 16] },
    a: float32([2, 1], 0, 8),
  };
  const dataStart = 8 + JSON.stringify(header).length;
  assert.deepEqual([...await readSafetensors(safetensors(header, new Uint8Array(16)))], [
    ["b", { name: "b", dataType: "int64", shape: [], offset: dataStart + 8, byteLength: 8 }],
    ["a", { name: "a", dataType: "float32", shape: [2, 1], offset: dataStart, byteLength: 8 }],
  ]);
});

Deno.test("readSafetensors() accepts a file without __metadata__", async () => {
  const tensors = await readSafetensors(safetensors({ w: float32([1], 0, 4) }, f32(7)));
  assert.deepEqual([...tensors.keys()], ["w"]);
});

Deno.test("readSafetensors() reads a file that Hugging Face's library could have written", async () => {
  using source = await FileSource.open(`${REFERENCE}/lm/model.safetensors`);
  const tensors = await readSafetensors(source);
  assert.equal(tensors.size, 148);
  const embedding = tensors.get("transformer.wte.weight")!;
  assert.deepEqual(embedding.shape, [420, 32]);
  // The expected numbers were read with numpy.frombuffer at data_offsets.
  assert.deepEqual(
    (await readFloat32(source, embedding)).slice(0, 3),
    Float32Array.of(-0.24633298814296722, 0.05342378839850426, -0.001385224750265479),
  );
  assert.deepEqual(
    (await readFloat32(source, tensors.get("transformer.ln_f.bias")!)).slice(0, 3),
    Float32Array.of(0.05804242193698883, -0.1270052045583725, -0.036355555057525635),
  );
});

Deno.test("readSafetensors() reads the header and nothing after it", async () => {
  using file = await FileSource.open(`${REFERENCE}/lm/model.safetensors`);
  const source = new CountingSource(file);
  await readSafetensors(source);
  assert.deepEqual(source.ranges, [[0, 8], [8, 8 + 13920]]); // the length in its first bytes
});

Deno.test("readSafetensors() knows every type that coact may meet", async () => {
  const sizes = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1 };
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(sizes).map(([dtype, size]) => [
      dtype,
      { dtype, shape: [], data_offsets: [end, end += size] },
    ]),
  );
  const tensors = await readSafetensors(safetensors(header, new Uint8Array(end)));
  assert.deepEqual(
    [...tensors.values()].map(({ dataType, byteLength }) => [dataType, byteLength]),
    [
      ...[["float64", 8], ["float32", 4], ["float16", 2], ["bfloat16", 2], ["int64", 8]],
      ...[["int32", 4], ["int16", 2], ["int8", 1], ["uint8", 1], ["bool", 1]],
    ],
  );
});

Deno.test("readSafetensors() leaves out tensors of unknown types", async () => {
  const header = {
    small: { dtype: "F8_E4M3", shape: [2], data_offsets: [0, 2] },
    inherited: { dtype: "toString", shape: [2], data_offsets: [2, 4] },
    known: { dtype: "U8", shape: [2], data_offsets: [4, 6] },
  };
  const tensors = await readSafetensors(safetensors(header, new Uint8Array(6)));
  assert.deepEqual([...tensors.keys()], ["known"]);
});

Deno.test("readSafetensors() accepts a header padded with spaces", async () => {
  const header = JSON.stringify({ w: float32([1], 0, 4) }) + "   ";
  const source = safetensors(header, f32(7));
  const tensors = await readSafetensors(source);
  assert.deepEqual(await readFloat32(source, tensors.get("w")!), Float32Array.of(7));
});

Deno.test("readSafetensors() accepts a file without tensors, and tensors without elements", async () => {
  assert.equal((await readSafetensors(safetensors({}))).size, 0);
  const tensors = await readSafetensors(safetensors({ w: float32([2 ** 53 - 1, 0], 0, 0) }));
  assert.equal(tensors.get("w")!.byteLength, 0);
});

Deno.test("readSafetensors() takes names for names, whatever they mean in JavaScript", async () => {
  const tensor = '{"dtype": "U8", "shape": [], "data_offsets": [0, 1]}';
  for (const name of ["constructor", "toString", "", "żółw"]) {
    const source = safetensors(`{"${name}": ${tensor}}`, Uint8Array.of(1));
    assert.deepEqual([...(await readSafetensors(source)).keys()], [name]);
  }
});

Deno.test("readSafetensors() is not harmed by a tensor __proto__", async () => {
  const header = '{"__proto__": {"dtype": "U8", "shape": [], "data_offsets": [0, 1]}, ' +
    '"w": {"dtype": "U8", "shape": [], "data_offsets": [1, 2]}}';
  const tensors = await readSafetensors(safetensors(header, Uint8Array.of(1, 2)));
  assert.equal(tensors.get("w")!.byteLength, 1);
  assert.equal("dtype" in {}, false);
});

Deno.test("readSafetensors() refuses a file too short for a header", async () => {
  for (const length of [0, 7]) {
    await assert.rejects(
      readSafetensors(bytesSource("model.safetensors", new Uint8Array(length))),
      inputErrorNaming("model.safetensors", `it has only ${length} bytes`),
    );
  }
});

for (const length of [2n ** 63n, 2n ** 64n - 1n, 2n ** 32n, 3n]) {
  Deno.test(`readSafetensors() refuses a header of ${length} bytes in a file of 10`, async () => {
    const source = bytesSource("model.safetensors", concatenate(u64(length), [0x7b, 0x7d]));
    await assert.rejects(
      readSafetensors(source),
      inputErrorNaming("model.safetensors", `its header claims ${length} bytes of the file's 10`),
    );
  });
}

Deno.test("readSafetensors() refuses a header of over 100 MB before reading it", async () => {
  const source = new CountingSource({
    name: "model.safetensors",
    byteLength: 200_000_000,
    read: () => Promise.resolve(Uint8Array.from(u64(100_000_001))),
  });
  await assert.rejects(
    readSafetensors(source),
    inputErrorNaming("model.safetensors", "100000001 bytes"),
  );
  assert.deepEqual(source.ranges, [[0, 8]]);
});

const UNFIT: [what: string, header: unknown, problem: string][] = [
  ["no JSON", "{", "its header is no JSON"],
  ["empty", "", "its header is no JSON"],
  ["a list", [], "its header: invalid input"],
  ["a tensor that is null", { w: null }, "its header: w: "],
  ["no shape", { w: { dtype: "F32", data_offsets: [0, 4] } }, "its header: w: shape is missing"],
  ["a negative size", { w: float32([-1, -1], 0, 4) }, "its header: w: shape.0: "],
  ["half a size", { w: float32([0.5], 0, 2) }, "its header: w: shape.0: "],
  ["a size above 2^53", { w: float32([2 ** 60], 0, 4) }, "its header: w: shape.0: "],
  ["a negative offset", { w: float32([2], -4, 4) }, "its header: w: data_offsets.0: "],
  [
    "one offset",
    { w: { ...float32([1], 0, 4), data_offsets: [4] } },
    "its header: w: data_offsets",
  ],
  ["an end before the start", { w: float32([1], 4, 0) }, "tensor w lies at bytes 4 to 0 of 8"],
  ["an end outside", { w: float32([1], 8, 12) }, "tensor w lies at bytes 8 to 12 of 8"],
  ["an end far outside", { w: float32([1], 0, 2 ** 53 - 1) }, "of 8"],
  [
    "too few bytes",
    { w: float32([2, 2], 0, 8) },
    "tensor w of shape [2, 2] needs 16 bytes but has 8",
  ],
  ["too many bytes", { w: float32([1], 0, 8) }, "tensor w of shape [1] needs 4 bytes but has 8"],
  // 2^32 * 2^32 * 4 bytes are 0 bytes to whoever counts modulo 2^64.
  ["a shape that overflows", { w: float32([2 ** 32, 2 ** 32], 0, 0) }, "but has 0"],
  ["a tensor twice", '{"w": 1, "w": 2}', "its header has two fields w"],
  ["a byte-order mark", "\ufeff{}", "its header is no JSON"],
  ["65 axes", { w: float32(Array(65).fill(1), 0, 4) }, "tensor w has 65 axes"],
  ["bytes of no tensor", { w: float32([1], 0, 4) }, "its bytes 4 to 8 belong to no tensor"],
  ["bytes of no tensor first", { w: float32([1], 4, 8) }, "its bytes 0 to 4 belong to no tensor"],
  ["overlapping tensors", { v: float32([2], 0, 8), w: float32([1], 4, 8) }, "tensor"],
];
for (const [what, header, problem] of UNFIT) {
  Deno.test(`readSafetensors() refuses a header with ${what}`, async () => {
    await assert.rejects(
      readSafetensors(safetensors(header, new Uint8Array(8))),
      inputErrorNaming("model.safetensors", problem),
    );
  });
}

Deno.test("readSafetensors() tells its failure in one line, whatever a tensor is called", async () => {
  await assert.rejects(
    readSafetensors(safetensors({ "w\nw": float32([1], 0, 4) })),
    inputErrorNaming("model.safetensors", "lies at bytes 0 to 4 of 0"),
  );
});

Deno.test("readSafetensors() refuses every truncated file", async () => {
  const whole = safetensors({ v: float32([1], 0, 4), w: float32([1], 4, 8) }, f32(1, 2));
  for (let length = 0; length < whole.byteLength; length++) {
    const cut = bytesSource("model.safetensors", await whole.read(0, length));
    await assert.rejects(readSafetensors(cut), inputErrorNaming("model.safetensors", ""));
  }
});

Deno.test("readSafetensors() refuses a header that is no UTF-8", async () => {
  const header = concatenate(u64(4), [0x7b, 0x22, 0xff, 0x7d]);
  await assert.rejects(
    readSafetensors(bytesSource("model.safetensors", header)),
    inputErrorNaming("model.safetensors", "its header is no UTF-8 text"),
  );
});
