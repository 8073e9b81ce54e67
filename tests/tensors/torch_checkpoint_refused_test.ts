/** Checkpoints that are refused: other formats, references to code, lies, damage. */
import assert from "node:assert/strict";
import type { ByteSource } from "../../lib/files/byte_source.ts";
import { exists } from "../../lib/files/look.ts";
import { OpaqueValue, PickleDict, type PickleValue } from "../../lib/tensors/pickle_values.ts";
import { openTorchCheckpoint } from "../../lib/tensors/torch_checkpoint.ts";
import { locateTensor } from "../../lib/tensors/torch_elements.ts";
import { readTorchTensor } from "../support/torch_tensor.ts";
import { PickledTensor } from "../../lib/tensors/pickled_tensor.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { f32, latin1 } from "./bytes.ts";
import { CountingSource } from "./counting_source.ts";
import {
  checkpointOf,
  fixture,
  FIXTURES,
  readTensor,
  type TensorClaims,
  tensorPickle,
  valuesOf,
} from "./torch_checkpoints.ts";
import { zipFile } from "./zip_writer.ts";
import { bytesSource } from "../support/bytes_source.ts";

Deno.test("openTorchCheckpoint() refuses a pickle of over 16 MiB before reading it", async () => {
  const length = 2 ** 24 + 1;
  const entries = [["w/data.pkl", new Uint8Array(length)]] as const;
  const source = new CountingSource(bytesSource("w.pt", zipFile({ entries })));
  await assert.rejects(
    openTorchCheckpoint(source),
    inputErrorNaming("w.pt", `its pickle has ${length} bytes`),
  );
  assert.ok(source.bytesRead < 200 + 20 + 22 + 0xffff); // the end records are looked for first
});

// Files that are something else.

for (const name of ["legacy.pt", "legacy_protocol4.pt"]) {
  Deno.test(`openTorchCheckpoint() says that ${name} is in the format before 1.6`, async () => {
    await assert.rejects(
      openTorchCheckpoint(fixture(name)),
      inputErrorNaming(name, "it is in the format of PyTorch before 1.6; load and save it again"),
    );
  });
}

Deno.test("openTorchCheckpoint() refuses big-endian numbers", async () => {
  await assert.rejects(
    openTorchCheckpoint(fixture("layout_of_2_big_endian.pt")),
    inputErrorNaming("layout_of_2_big_endian.pt", "its numbers are big-endian"),
  );
});

Deno.test("openTorchCheckpoint() refuses an order of bytes that is no word", async () => {
  const entries = [["w/data.pkl", latin1("N.")], ["w/byteorder", new Uint8Array(17)]] as const;
  await assert.rejects(
    openTorchCheckpoint(bytesSource("w.pt", zipFile({ entries }))),
    inputErrorNaming("w.pt", "it does not say how its numbers lie"),
  );
});

Deno.test("openTorchCheckpoint() refuses what torch.save did not write", async () => {
  const others: [Uint8Array<ArrayBuffer>, string][] = [
    [new Uint8Array(0), "is empty"],
    [latin1("P"), 'is a text that begins with "P"'],
    [latin1('{"a": 1}'), "is a text that begins with"],
    [new Uint8Array(99), "begins with nothing but zeros"],
    [Uint8Array.of(0, 1, 2), "it was not written by torch.save"],
  ];
  for (const [bytes, problem] of others) {
    await assert.rejects(
      openTorchCheckpoint(bytesSource("w.pt", bytes)),
      inputErrorNaming("w.pt", problem),
    );
  }
});

Deno.test("openTorchCheckpoint() refuses a zip file without a pickle", async () => {
  const entries = [["w/data/0", f32(1)], ["w/metadata.pkl", latin1("N.")]] as const;
  await assert.rejects(
    openTorchCheckpoint(bytesSource("w.pt", zipFile({ entries }))),
    inputErrorNaming("w.pt", "it is a zip file without data.pkl"),
  );
});

Deno.test("openTorchCheckpoint() refuses a zip file of two pickles", async () => {
  const entries = [["v/data.pkl", latin1("N.")], ["w/data.pkl", latin1("N.")]] as const;
  await assert.rejects(
    openTorchCheckpoint(bytesSource("w.pt", zipFile({ entries }))),
    inputErrorNaming("w.pt", "it has both v/data.pkl and w/data.pkl"),
  );
});

// Pickles that refer to code.

const REFERENCES = {
  "refused_system.pt": ["lr", "posix.system"], // what os.system is called
  "refused_eval.pt": ["lr", "__builtin__.eval"],
  "refused_numpy.pt": ["loss", "numpy.core.multiarray.scalar"],
} as const;
for (const [name, [key, path]] of Object.entries(REFERENCES)) {
  Deno.test(`openTorchCheckpoint() knows of ${path} but the name, and executes nothing`, async () => {
    const { content } = await openTorchCheckpoint(fixture(name));
    assert.deepEqual((content as PickleDict).get(key), new OpaqueValue(path));
    assert.equal(await exists("coact-fixture-was-executed"), false);
  });
}

Deno.test("openTorchCheckpoint() executes no call, however it is written", async () => {
  using directory = new TemporaryDirectory();
  const marker = `${directory.path}/executed`;
  const pickles = {
    "os.system": `cos\nsystem\n(Vtouch ${marker}\ntR.`,
    "subprocess.run": `\x8c\x0asubprocess\x8c\x03run\x93(Vtouch ${marker}\ntR.`,
    "builtins.exec": `cbuiltins\nexec\n(Vopen("${marker}", "w")\nt\x81.`,
    "torch.load": `ctorch\nload\n(V${marker}\ntR.`,
    "posix.system": `(Vtouch ${marker}\niposix\nsystem\n.`, // INST
    "nt.system": `(cnt\nsystem\nVtouch ${marker}\no.`, // OBJ
  };
  for (const [path, pickle] of Object.entries(pickles)) {
    const { content } = await openTorchCheckpoint(checkpointOf(pickle));
    assert.deepEqual(content, new OpaqueValue(path));
  }
  assert.equal(await exists(marker), false);
});

// Pickles that lie.

/** The persistent id of the storage `0`. */
function storage(type: string, elements: number): string {
  return `(Vstorage\nctorch\n${type}\nV0\nVcpu\nI${elements}\ntQ`;
}

const LIES: [what: string, pickle: string, problem: string][] = [
  ["an empty pickle", "", "it ends too early"],
  ["a pickle that ends early", "}(Va\n", "it ends too early"],
  ["a persistent id that is text", "Pstorage\n.", "a tensor's storage is malformed"],
  [
    "a storage of an unknown kind",
    "(Vmodule\nctorch\nFloatStorage\nV0\ntQ.",
    "storage is malformed",
  ],
  ["a storage without a class", "(Vstorage\nVFloatStorage\nV0\ntQ.", "storage is malformed"],
  [
    "a storage without a number of elements",
    "(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\ntQ.",
    "malformed",
  ],
  [
    "a storage of a negative number of elements",
    "(Vstorage\nctorch\nFloatStorage\nV0\nVcpu\nI-1\ntQ.",
    "malformed",
  ],
  [
    "a storage of two types",
    `(${storage("FloatStorage", 4)}${storage("HalfStorage", 4)}t.`,
    "storage 0 is described in two ways",
  ],
  [
    "a storage of two lengths",
    `(${storage("FloatStorage", 4)}${storage("FloatStorage", 2)}t.`,
    "storage 0 is described in two ways",
  ],
  ["a storage whose key is a number", "(Vstorage\nctorch\nFloatStorage\nI0\ntQ.", "malformed"],
  ["a tensor of no parts", "ctorch._utils\n_rebuild_tensor_v2\n)R.", "a tensor is malformed"],
  ["a tensor of a dict", "ctorch._utils\n_rebuild_tensor_v2\n(}I0\n))tR.", "a tensor is malformed"],
  ["a negative size", tensorPickle({ shape: [-4] }), "a tensor is malformed"],
  ["a negative start", tensorPickle({ start: -1 }), "a tensor is malformed"],
  ["a negative stride", tensorPickle({ strides: [-1] }), "a tensor is malformed"],
  ["a start of 2^63", tensorPickle({ start: 2n ** 63n }), "a tensor is malformed"],
  ["fewer strides than sizes", tensorPickle({ shape: [2, 2] }), "a tensor is malformed"],
  // 2^32 * 2^32 elements are none to whoever counts modulo 2^64.
  [
    "a shape that overflows",
    tensorPickle({ shape: [2 ** 32, 2 ** 32], strides: [2 ** 32, 1] }),
    "a tensor is malformed",
  ],
  [
    "a tensor of 65 axes",
    tensorPickle({ shape: Array(65).fill(1), strides: Array(65).fill(1) }),
    "a tensor is malformed",
  ],
  [
    "an OrderedDict of a key twice",
    "ccollections\nOrderedDict\n((lp0\n(lp1\nVa\naI1\naa(lp2\nVa\naI2\naatR.",
    "a dict has the key a twice",
  ],
];
// What is malformed in no tensor is of no interest.
for (
  const [path, pickle] of [
    ["torch.FloatStorage", "ctorch\nFloatStorage\n)R."],
    ["torch._utils._rebuild_parameter", "ctorch._utils\n_rebuild_parameter\n)R."],
    // Made into text, such a list would fill the memory.
    ["torch.device", "ctorch\ndevice\n(]Vcpu\natR."],
    ["torch.QInt8Storage", "(Vstorage\nctorch\nQInt8Storage\nV0\nVcpu\nI4\ntQ."],
  ] as const
) {
  Deno.test(`openTorchCheckpoint() knows nothing of what ${path} makes of that`, async () => {
    const { content } = await openTorchCheckpoint(checkpointOf(pickle));
    assert.deepEqual(content, new OpaqueValue(path));
  });
}

// Numbers that whoever reads them is to negate.
Deno.test("openTorchCheckpoint() does not take a lazily negated tensor for a plain one", async () => {
  const pickle = tensorPickle().replace(/tR\.$/, "(Vneg\nI01\ndtR.");
  const { content } = await openTorchCheckpoint(checkpointOf(pickle));
  assert.match((content as OpaqueValue).path, /^torch\._utils\._rebuild_tensor_v2 with metadata$/);
});

for (const [what, pickle, problem] of LIES) {
  Deno.test(`openTorchCheckpoint() refuses ${what}`, async () => {
    await assert.rejects(
      openTorchCheckpoint(checkpointOf(pickle)),
      inputErrorNaming("w.pt is refused", problem),
    );
  });
}

Deno.test("readTorchTensor() reads the tensor that the lies below are made from", async () => {
  assert.deepEqual(await readTensor(checkpointOf(tensorPickle())), [0, 1, 2, 3]);
  const transposed = tensorPickle({ shape: [2, 2], strides: [1, 2] });
  assert.deepEqual(await readTensor(checkpointOf(transposed)), [0, 2, 1, 3]);
});

const MISPLACED: [what: string, claims: TensorClaims][] = [
  ["begins after the end of its storage", { start: 5 }],
  ["ends after the end of its storage", { start: 1 }],
  ["is longer than its storage", { shape: [2 ** 40] }],
  ["strides over the end of its storage", { shape: [2, 2], strides: [1, 3] }],
  ["strides far over the end of its storage", { shape: [2, 2], strides: [2 ** 52, 2 ** 52] }],
  ["takes its storage for a wider type", { storageClass: "DoubleStorage" }],
  ["lies in a storage that is missing", { key: "1" }],
  ["lies in a storage __proto__", { key: "__proto__" }],
];
for (const [what, claims] of MISPLACED) {
  Deno.test(`readTorchTensor() refuses a tensor that ${what}`, async () => {
    const source = checkpointOf(tensorPickle(claims));
    await assert.rejects(readTensor(source), inputErrorNaming("w.pt", "the bytes of tensor w "));
  });

  Deno.test(`locateTensor() refuses a tensor that ${what}`, async () => {
    const checkpoint = await openTorchCheckpoint(checkpointOf(tensorPickle(claims)));
    assert.throws(
      () => locateTensor(checkpoint, "w", checkpoint.content as PickledTensor),
      inputErrorNaming("w.pt", "tensor w"),
    );
  });
}

for (const elements of [3, 5]) {
  Deno.test(`readTorchTensor() refuses a storage of 4 elements that is said to have ${elements}`, async () => {
    await assert.rejects(
      readTensor(checkpointOf(tensorPickle({ elements, shape: [3] }))),
      inputErrorNaming("w.pt", `is said to have ${4 * elements} bytes, but has 16`),
    );
  });
}

Deno.test("readTorchTensor() refuses to repeat elements over 256 MiB", async () => {
  for (const shape of [[2 ** 26 + 1], [2 ** 26, 2 ** 26]]) {
    const source = checkpointOf(tensorPickle({ shape, strides: shape.map(() => 0) }));
    await assert.rejects(
      readTensor(source),
      inputErrorNaming("w.pt", "which is more than is read"),
    );
  }
});

Deno.test("openTorchCheckpoint() reads a list that holds itself", async () => {
  const { content } = await openTorchCheckpoint(checkpointOf("(lp0\ng0\na."));
  assert.equal((content as PickleValue[])[0], content);
});

// Damaged files.

Deno.test("readTorchTensor() notices a changed byte in the tensor it reads", async () => {
  const bytes = Deno.readFileSync(`${FIXTURES}/layout_of_2.pt`);
  bytes[704 + 23]! ^= 1; // the weight's last byte: zipfile lists 24 bytes, and they begin at 704
  const checkpoint = await openTorchCheckpoint(bytesSource("w.pt", bytes));
  await assert.rejects(
    valuesOf(checkpoint, "weight"),
    inputErrorNaming("w.pt", "the checksum of entry layout_of_2/data/0 does not match its data"),
  );
  assert.deepEqual(await valuesOf(checkpoint, "bias"), [-1, 7.5]);
});

Deno.test("openTorchCheckpoint() notices a changed byte in the pickle", async () => {
  const bytes = Deno.readFileSync(`${FIXTURES}/layout_of_2.pt`);
  bytes[64 + 100]! ^= 1;
  await assert.rejects(
    openTorchCheckpoint(bytesSource("w.pt", bytes)),
    inputErrorNaming("w.pt", "the checksum of entry layout_of_2/data.pkl does not match its data"),
  );
});

Deno.test("openTorchCheckpoint() refuses every truncated file", async () => {
  const whole = Deno.readFileSync(`${FIXTURES}/state_dict.pt`);
  for (let length = 0; length < whole.length; length++) {
    const cut = bytesSource("w.pt", whole.slice(0, length));
    await assert.rejects(openTorchCheckpoint(cut), inputErrorNaming("w.pt", ""));
  }
});

/** Reads all tensors of a state dict; whatever fails is to fail as an input does. */
async function readAsFarAsPossible(source: ByteSource): Promise<void> {
  try {
    const checkpoint = await openTorchCheckpoint(source);
    if (!(checkpoint.content instanceof PickleDict)) return;
    for (const [name, tensor] of checkpoint.content) {
      if (!(tensor instanceof PickledTensor)) continue;
      await readTorchTensor(checkpoint, String(name), tensor);
      locateTensor(checkpoint, String(name), tensor);
    }
  } catch (error) {
    inputErrorNaming("w.pt", "")(error);
  }
}

Deno.test("readTorchTensor() survives any changed byte of a file", async () => {
  const whole = Deno.readFileSync(`${FIXTURES}/state_dict.pt`);
  for (let at = 0; at < whole.length; at++) {
    for (const mask of [0x01, 0x80]) {
      const bytes = whole.slice();
      bytes[at]! ^= mask;
      await readAsFarAsPossible(bytesSource("w.pt", bytes));
    }
  }
});

Deno.test("readTorchTensor() survives any changed byte of a pickle whose checksum fits", async () => {
  const { pickle } = await openTorchCheckpoint(fixture("state_dict.pt"));
  const text = String.fromCharCode(...pickle);
  for (let at = 0; at < text.length; at++) {
    for (const mask of [0x01, 0x02, 0x20, 0x80]) {
      const changed = String.fromCharCode(text.charCodeAt(at) ^ mask);
      const pickle = text.slice(0, at) + changed + text.slice(at + 1);
      await readAsFarAsPossible(checkpointOf(pickle));
    }
  }
});
