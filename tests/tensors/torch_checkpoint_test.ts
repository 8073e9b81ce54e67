import assert from "node:assert/strict";
import { FileSource } from "../../lib/files/byte_source.ts";
import type { PickleDict, PickleValue } from "../../lib/tensors/pickle_values.ts";
import { readFloat32 } from "../support/read_float32.ts";
import { openTorchCheckpoint } from "../../lib/tensors/torch_checkpoint.ts";
import { locateTensor } from "../../lib/tensors/torch_elements.ts";
import { readTorchTensor } from "../support/torch_tensor.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { latin1 } from "./bytes.ts";
import { CountingSource } from "./counting_source.ts";
import {
  at,
  checkpointOf,
  fixture,
  plain,
  readTensor,
  tensorAt,
  type TensorClaims,
  tensorPickle,
  valuesOf,
} from "./torch_checkpoints.ts";

// state_dict() carries `_metadata`; parameters are wrapped; 2.x adds entries and pads.
for (
  const name of [
    "state_dict.pt",
    "state_dict_protocol4.pt",
    "parameters.pt",
    "layout_of_2.pt",
  ]
) {
  Deno.test(`openTorchCheckpoint() reads the module in ${name}`, async () => {
    const checkpoint = await openTorchCheckpoint(fixture(name));
    const names = [...(checkpoint.content as PickleDict)].map(([name]) => name);
    assert.deepEqual(names, ["weight", "bias"]);
    assert.deepEqual(tensorAt(checkpoint, "weight").shape, [2, 3]);
    assert.deepEqual(tensorAt(checkpoint, "bias").shape, [2]);
    assert.deepEqual(await valuesOf(checkpoint, "weight"), [0, 0.25, 0.5, 0.75, 1, 1.25]);
    assert.deepEqual(await valuesOf(checkpoint, "bias"), [-1, 7.5]);
  });
}

Deno.test("openTorchCheckpoint() reads what a training script saved", async () => {
  using source = await FileSource.open(`${REFERENCE}/sae/layer0/sae_best.pt`);
  const checkpoint = await openTorchCheckpoint(source);
  assert.equal(at(checkpoint, "epoch"), 57);
  assert.equal(at(checkpoint, "args", "lr"), 0.003);
  assert.equal(at(checkpoint, "best_loss"), 0.4825478196144104);
  const weight = tensorAt(checkpoint, "model_state_dict", "encoder.weight");
  assert.deepEqual(weight.shape, [166, 32]);
  // The expected numbers were read with torch.load.
  assert.deepEqual(
    (await readTorchTensor(checkpoint, "encoder.weight", weight)).slice(0, 3),
    Float32Array.of(-0.017559099942445755, 0.013762883841991425, -0.005639810115098953),
  );
});

Deno.test("openTorchCheckpoint() keeps the pickle's bytes", async () => {
  const { pickle } = await openTorchCheckpoint(checkpointOf("N."));
  assert.deepEqual(pickle, latin1("N."));
});

/** The tensors in tensors.pt, by the values that PyTorch gives for `tensor.float().flatten()`. */
const TENSORS: Record<string, number[]> = {
  float64: [0.10000000149011612, -0.20000000298023224, 65504],
  float16: [0.0999755859375, -0.199951171875, 65504],
  bfloat16: [0.10009765625, -0.2001953125, 65536],
  scalar: [2.5],
  empty: [],
  transposed: [0, 3, 1, 4, 2, 5],
  sliced_columns: [5, 6, 9, 10],
  every_second: [0, 2, 4],
  permuted: [0, 2, 4, 6, 1, 3, 5, 7],
  view_of_4_from_2: [2, 3, 4, 5],
  view_of_2x2_from_6: [6, 7, 8, 9],
};
for (const [name, expected] of Object.entries(TENSORS)) {
  Deno.test(`readTorchTensor() reads a tensor that is ${name}`, async () => {
    const checkpoint = await openTorchCheckpoint(fixture("tensors.pt"));
    assert.deepEqual(await valuesOf(checkpoint, name), expected);
  });
}

for (const type of ["int64", "int32", "int16", "int8", "uint8", "bool"]) {
  Deno.test(`readTorchTensor() refuses ${type}`, async () => {
    const checkpoint = await openTorchCheckpoint(fixture("tensors.pt"));
    await assert.rejects(
      valuesOf(checkpoint, type),
      inputErrorNaming("tensors.pt", `tensor ${type} is ${type}, expected floating-point numbers`),
    );
  });
}

Deno.test("readTorchTensor() refuses numbers that are not finite", async () => {
  const checkpoint = await openTorchCheckpoint(fixture("tensors.pt"));
  await assert.rejects(
    valuesOf(checkpoint, "not_a_number"),
    inputErrorNaming("tensors.pt", "tensor not_a_number holds NaN at position 1"),
  );
  await assert.rejects(
    valuesOf(checkpoint, "infinite"),
    inputErrorNaming("tensors.pt", "tensor infinite holds -Infinity at position 0"),
  );
});

Deno.test("PickledTensor knows whether its elements lie densely, as PyTorch does", async () => {
  const checkpoint = await openTorchCheckpoint(fixture("tensors.pt"));
  const names = Object.keys(TENSORS);
  assert.deepEqual(
    names.filter((name) => !tensorAt(checkpoint, name).isContiguous),
    ["transposed", "sliced_columns", "every_second", "permuted"],
  );
});

for (const name of ["float16", "scalar", "empty", "view_of_4_from_2", "view_of_2x2_from_6"]) {
  Deno.test(`locateTensor() says where a tensor lies that is ${name}`, async () => {
    const checkpoint = await openTorchCheckpoint(fixture("tensors.pt"));
    const tensor = tensorAt(checkpoint, name);
    const stored = locateTensor(checkpoint, name, tensor);
    assert.deepEqual(stored.shape, tensor.shape);
    assert.deepEqual([...await readFloat32(checkpoint.source, stored)], TENSORS[name]);
  });
}

Deno.test("locateTensor() refuses a tensor that does not lie densely", async () => {
  const checkpoint = await openTorchCheckpoint(fixture("tensors.pt"));
  assert.throws(
    () => locateTensor(checkpoint, "transposed", tensorAt(checkpoint, "transposed")),
    inputErrorNaming("tensors.pt", "the elements of tensor transposed do not lie one after the"),
  );
});

for (const protocol of [2, 4]) {
  Deno.test(`openTorchCheckpoint() reads sizes and devices of protocol ${protocol}`, async () => {
    const { content } = await openTorchCheckpoint(fixture(`objects_protocol${protocol}.pt`));
    assert.deepEqual(
      plain(content),
      new Map<string, PickleValue>([["size", [2, 3]], ["cpu", "cpu"], ["gpu", "cuda:1"]]),
    );
  });

  Deno.test(`openTorchCheckpoint() reads sets of protocol ${protocol}`, async () => {
    const { content } = await openTorchCheckpoint(fixture(`sets_protocol${protocol}.pt`));
    assert.deepEqual(plain(content), new Map([["set", new Set([1, 2])], ["empty", new Set()]]));
  });
}

Deno.test("openTorchCheckpoint() reads the pairs that Python 2 gives to OrderedDict", async () => {
  const pickle = "ccollections\nOrderedDict\n((lp0\n(lp1\nVa\naI1\naatR.";
  const { content } = await openTorchCheckpoint(checkpointOf(pickle));
  assert.deepEqual(plain(content), new Map([["a", 1]]));
});

// What is read.

Deno.test("readTorchTensor() reads one small tensor of a checkpoint, and no other", async () => {
  using file = await FileSource.open(`${REFERENCE}/sae/layer0/sae_best.pt`);
  const source = new CountingSource(file);
  const checkpoint = await openTorchCheckpoint(source);
  const bias = tensorAt(checkpoint, "model_state_dict", "decoder.bias");
  await readTorchTensor(checkpoint, "decoder.bias", bias);
  // Python's zipfile lists 113 entries beside the version; a local header has 30 bytes and a name.
  const isHeader = ([start, end]: [number, number]) => end - start > 30 && end - start < 56;
  assert.equal(source.ranges.filter(isHeader).length, 113);
  assert.deepEqual(source.ranges.filter((range) => !isHeader(range)), [
    [0, 4], // what kind of file it is
    [170474, 236051], // where the end records can be
    [236009, 236029], // what tells where the zip64 end record is
    [235953, 236009], // and that record
    [228882, 235953], // the directory
    [64, 10893], // the pickle
    [106496, 106624], // 32 numbers
  ]);
});

// Tensors that do not lie densely, or not alone.

const VIEWS: [what: string, claims: TensorClaims, expected: number[]][] = [
  ["transposed", { shape: [2, 2], strides: [1, 2] }, [0, 2, 1, 3]],
  ["from the second element on", { start: 1, shape: [3] }, [1, 2, 3]],
  ["every second element", { shape: [2], strides: [2] }, [0, 2]],
  ["one element expanded", { start: 2, shape: [2, 3], strides: [0, 0] }, [2, 2, 2, 2, 2, 2]],
  ["a row expanded", { shape: [3, 2], strides: [0, 1] }, [0, 1, 0, 1, 0, 1]],
  ["a column expanded", { shape: [2, 3], strides: [2, 0] }, [0, 0, 0, 2, 2, 2]],
  ["windows that overlap", { shape: [3, 2], strides: [1, 1] }, [0, 1, 1, 2, 2, 3]],
  ["of three axes in any order", { shape: [2, 1, 2], strides: [1, 7, 2] }, [0, 2, 1, 3]],
  ["a scalar", { start: 3, shape: [], strides: [] }, [3]],
  ["nothing, of any strides", { shape: [0, 2], strides: [5, 9] }, []],
];
for (const [what, claims, expected] of VIEWS) {
  Deno.test(`readTorchTensor() gathers a view: ${what}`, async () => {
    assert.deepEqual(await readTensor(checkpointOf(tensorPickle(claims))), expected);
  });
}

Deno.test("readTorchTensor() reads parameters with attributes, and tensors of PyTorch's classes", async () => {
  const tensor = tensorPickle().slice(0, -1); // less the STOP
  const [, args] = /^ctorch\._utils\n_rebuild_tensor_v2\n(.*)R$/s.exec(tensor)!;
  for (
    const pickle of [
      `ctorch._utils\n_rebuild_parameter\n(${tensor}I01\nNtR.`,
      `ctorch._utils\n_rebuild_parameter_with_state\n(${tensor}I01\nN(VnoteVa\ndtR.`
        .replace("Vnote", "Vnote\n"),
      "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\n" +
      `ctorch.nn.parameter\nParameter\n${args}NtR.`,
    ]
  ) assert.deepEqual(await readTensor(checkpointOf(pickle)), [0, 1, 2, 3], pickle);
});
