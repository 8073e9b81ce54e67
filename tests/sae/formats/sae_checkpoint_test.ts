import assert from "node:assert/strict";
import { InputError } from "../../../lib/base/errors.ts";
import { findCheckpoint } from "../../../lib/sae/formats/find_checkpoint.ts";
import { loadDecoder, loadSae } from "../../../lib/sae/formats/load_checkpoint.ts";
import { openSaeCheckpoint } from "../../../lib/sae/formats/sae_checkpoint.ts";
import { REFERENCE } from "../../support/fixtures.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { opcodesOf, pickleOf, torchFile, torchTensor } from "../../support/torch_file.ts";

/** The numbers of its weight and its bias. */
const STORAGES = { 0: Float32Array.of(1, 2, 3, 4, 5, 6), 1: Float32Array.of(7, 8, 9) };

/** A checkpoint of 2 free features, 1 slot and width 2, changed at will. */
function checkpoint(
  changes: Record<string, unknown> = {},
  encoder: Record<string, unknown> = {},
  storages: Record<string, Float32Array> = STORAGES,
) {
  return torchFile({
    model_state_dict: {
      "encoder.weight": torchTensor("0", [3, 2]),
      "encoder.bias": torchTensor("1", [3]),
      ...encoder,
    },
    args: { n_free: 2, n_relation: 1 },
    d_model: 2,
    n_free: 2,
    n_relation: 1,
    ...changes,
  }, storages);
}

Deno.test("findCheckpoint() takes the best, then the final, then the traditional SAE", async () => {
  using directory = new TemporaryDirectory();
  const names = ["traditional_sae_final.pt", "sae_final.pt", "sae_best.pt"];
  for (const name of names) {
    directory.write(`layer3/${name}`, "");
    assert.deepEqual(await findCheckpoint(directory.path, 3), {
      path: `${directory.path}/layer3/${name}`,
    });
  }
});

Deno.test("findCheckpoint() says which paths it tried", async () => {
  assert.deepEqual(await findCheckpoint("saes", 7), {
    tried: [
      "saes/layer7/sae_best.pt",
      "saes/layer7/sae_final.pt",
      "saes/layer7/traditional_sae_final.pt",
    ],
  });
});

Deno.test("openSaeCheckpoint() tells the sizes and kinds of PyTorch's own files", async () => {
  const supervised = await openSaeCheckpoint(`${REFERENCE}/sae/layer3/sae_final.pt`, 3);
  assert.deepEqual(supervised.shape, {
    kind: "supervised",
    width: 32,
    featureCount: 166,
    freeCount: 160,
    slotCount: 6,
  });
  const traditional = await openSaeCheckpoint(
    `${REFERENCE}/sae_traditional/layer0/traditional_sae_final.pt`,
    0,
  );
  assert.deepEqual(traditional.shape, {
    kind: "traditional",
    width: 32,
    featureCount: 120,
    freeCount: 120,
    slotCount: 0,
  });
});

Deno.test("loadSae() reads the encoder and little else", async () => {
  const path = `${REFERENCE}/sae/layer0/sae_best.pt`; // with value heads and optimizer state
  const { sae, bytesRead, byteLength } = await loadSae(path);
  assert.equal((await sae.rows.read(0, 166)).length, 166 * 32);
  assert.equal(sae.bias.length, 166);
  const encoder = 4 * (166 * 32 + 166);
  const end = 20 + 22 + 0xffff; // where the end records of a zip file can be
  assert.equal(byteLength, (await Deno.stat(path)).size);
  assert(bytesRead - encoder - end < 0.12 * byteLength, `${bytesRead} of ${byteLength}`);
});

Deno.test("loadSae() and loadDecoder() read a large matrix by its features, with the same hash", async () => {
  const path = `${REFERENCE}/sae/layer0/sae_best.pt`;
  const [whole, inParts] = [await loadSae(path), await loadSae(path, { wholeBytes: 0 })];
  assert.equal(inParts.sha256, whole.sha256);
  assert.equal(inParts.bytesRead, whole.bytesRead);
  assert.deepEqual(await inParts.sae.rows.read(7, 90), await whole.sae.rows.read(7, 90));
  const [all, some] = [await loadDecoder(path), await loadDecoder(path, { wholeBytes: 0 })];
  assert.equal(some.sha256, all.sha256);
  assert.equal(some.bytesRead, all.bytesRead);
  const rows = await some.decoder!.rows.read(7, 90);
  assert.deepEqual(rows, await all.decoder!.rows.read(7, 90));
  assert.notEqual(some.decoder!.rows.release, undefined, "they are nobody else's");
});

Deno.test("loadSae() refuses a large matrix whose bytes are damaged, or are others when they are read", async () => {
  using directory = new TemporaryDirectory();
  const bytes = Deno.readFileSync(`${REFERENCE}/sae/layer0/sae_best.pt`);
  const path = directory.write("sae.pt", bytes);
  const { sae } = await loadSae(path, { wholeBytes: 0 });
  const weight = await sae.rows.read(0, 1);
  const at = indexOf(bytes, new Uint8Array(weight.buffer));
  directory.write("sae.pt", bytes.with(at, bytes[at]! ^ 1));
  await assert.rejects(sae.rows.read(0, 1), inputError(/sae\.pt was changed while it was in use/));
  await assert.rejects(loadSae(path, { wholeBytes: 0 }), inputError(/checksum of entry/));
});

/** Where some bytes begin within others. */
function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  const text = (some: Uint8Array) => new TextDecoder("latin1").decode(some);
  return text(bytes).indexOf(text(part));
}

Deno.test("loadSae() gives the same hash for the same encoder only", async () => {
  using directory = new TemporaryDirectory();
  const hash = async (bytes: Uint8Array) =>
    (await loadSae(directory.write("sae.pt", bytes))).sha256;
  const first = await hash(checkpoint());
  assert.equal(await hash(checkpoint()), first);
  assert.notEqual(await hash(checkpoint({ epoch: 3 })), first);
});

Deno.test("openSaeCheckpoint() takes the number of relations from args, the file, or AlignSAE's default", async () => {
  using directory = new TemporaryDirectory();
  const slots = async (changes: Record<string, unknown>, rows = 3) => {
    const encoder = {
      "encoder.weight": torchTensor("0", [rows, 2]),
      "encoder.bias": torchTensor("1", [rows]),
    };
    const storages = { 0: new Float32Array(2 * rows), 1: new Float32Array(rows) };
    const path = directory.write("sae.pt", checkpoint(changes, encoder, storages));
    return (await openSaeCheckpoint(path, 0)).shape.slotCount;
  };
  assert.equal(
    await slots({ n_relation: undefined, args: { n_free: 1, n_relation: 2 }, n_free: 1 }),
    2,
  );
  assert.equal(await slots({ n_relation: 2, args: {}, n_free: 1 }), 2);
  assert.equal(await slots({ n_relation: undefined, args: { n_free: 1 }, n_free: null }), 2);
  const silent = { n_relation: undefined, args: {}, n_free: undefined };
  assert.equal(await slots(silent, 10_006), 6);
  await assert.rejects(slots(silent), /does not say how many of its 3 features are relation slots/);
});

Deno.test("openSaeCheckpoint() takes None for an option that was not given, and 0 and 1 for flags", async () => {
  using directory = new TemporaryDirectory();
  const kind = async (args: Record<string, unknown>) => {
    const path = directory.write("sae.pt", checkpoint({ args, n_free: undefined, n_relation: 1 }));
    return (await openSaeCheckpoint(path, 0)).shape.kind;
  };
  const none = { n_free: null, n_relation: null, n_hidden: null };
  assert.equal(await kind({ ...none, is_traditional: null }), "supervised");
  assert.equal(await kind({ ...none, is_traditional: 0 }), "supervised");
  assert.equal(await kind({ ...none, is_traditional: 1 }), "traditional");
});

for (const wrapper of ["module.", "_orig_mod."]) {
  Deno.test(`openSaeCheckpoint() sees through the wrapper ${wrapper} of parameter names`, async () => {
    using directory = new TemporaryDirectory();
    const state = {
      [`${wrapper}encoder.weight`]: torchTensor("0", [3, 2]),
      [`${wrapper}encoder.bias`]: torchTensor("1", [3]),
    };
    const path = directory.write("sae.pt", checkpoint({ model_state_dict: state }));
    assert.equal((await openSaeCheckpoint(path, 0)).shape.featureCount, 3);
  });
}

Deno.test("openSaeCheckpoint() does not guess whether an SAE rectifies", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("traditional_sae_final.pt", checkpoint({ args: {} }));
  await assert.rejects(
    openSaeCheckpoint(path, 0),
    new InputError(
      `${path} looks like a traditional SAE, but its args do not say is_traditional: it cannot be ` +
        "told whether its encoding is rectified",
    ),
  );
});

Deno.test("openSaeCheckpoint() is not kept busy by keys that would be endless as text", async () => {
  using directory = new TemporaryDirectory();
  // A key of 60 nested pairs, each of the same thing twice, beside the checkpoint's own keys.
  const key = ")" + "2\x86".repeat(60);
  const state = {
    "encoder.weight": torchTensor("0", [3, 2]),
    "encoder.bias": torchTensor("1", [3]),
  };
  const own = `Vmodel_state_dict\n${opcodesOf(state)}Vn_relation\nI1\n`;
  const path = directory.write("sae.pt", torchFile(pickleOf(`(${key}N${own}d.`), STORAGES));
  assert.equal((await openSaeCheckpoint(path, 0)).shape.slotCount, 1);
});

const REFUSED: [string, Uint8Array, string][] = [
  [
    "without a state dict",
    checkpoint({ model_state_dict: undefined }),
    "PATH is no SAE checkpoint: it has no model_state_dict",
  ],
  [
    "without an encoder",
    checkpoint({}, { "encoder.bias": undefined }),
    "PATH is no SAE checkpoint: its model_state_dict lacks encoder.weight or encoder.bias",
  ],
  [
    "whose bias does not fit the weight",
    checkpoint({}, { "encoder.bias": torchTensor("1", [2]) }),
    "PATH: encoder.bias has shape [2], but encoder.weight [3, 2]",
  ],
  [
    "whose weight is no matrix",
    checkpoint({}, { "encoder.weight": torchTensor("0", [6]) }),
    "PATH: encoder.weight has shape [6], expected [features, d_model]",
  ],
  [
    "that contradicts its d_model",
    checkpoint({ d_model: 3 }),
    "PATH contradicts itself: it says d_model 3, but its encoder.weight of shape [3, 2] makes that 2",
  ],
  [
    "whose args contradict its tensors",
    checkpoint({ args: { n_free: 5, n_relation: 1 } }),
    "PATH contradicts itself: it says n_free + n_relation 6, but its encoder.weight of shape " +
    "[3, 2] makes that 3",
  ],
  [
    "whose args contradict its other fields",
    checkpoint({ n_relation: 2, n_free: 1 }),
    "PATH contradicts itself: it says n_free + n_relation 2, but its encoder.weight of shape " +
    "[3, 2] makes that 3",
  ],
  [
    "that says is_traditional and has value heads",
    checkpoint(
      { args: { is_traditional: true } },
      { "value_heads.0.0.weight": torchTensor("1", [3]) },
    ),
    "PATH contradicts itself: it says is_traditional, but has 1 value heads",
  ],
  [
    "whose value heads are not as many as it says",
    checkpoint({}, { "value_heads.0.x": null, "value_heads.1.x": null }),
    "PATH contradicts itself: it says n_relation 1, but has 2 value heads",
  ],
  [
    "with encoder.weight beside module.encoder.weight",
    checkpoint({}, { "module.encoder.weight": torchTensor("0", [3, 2]) }),
    "PATH can be read in two ways: it has both encoder.weight and module.encoder.weight",
  ],
  [
    "with a decoder under two wrappers",
    checkpoint({}, {
      "_orig_mod.decoder.weight": torchTensor("0", [2, 3]),
      "module._orig_mod.decoder.weight": torchTensor("0", [2, 3]),
    }),
    "PATH can be read in two ways: it has both _orig_mod.decoder.weight and " +
    "module._orig_mod.decoder.weight",
  ],
  [
    "whose encoder only Python's code could make",
    checkpoint({}, { "encoder.weight": pickleOf("cmy.code\nmake_weight\n)R") }),
    "PATH: encoder.weight is made by my.code.make_weight, expected a plain tensor of " +
    "floating-point numbers",
  ],
  [
    "whose state dict only Python's code could make",
    checkpoint({ model_state_dict: pickleOf("cmy.code\nModel\n)R") }),
    "PATH is no SAE checkpoint: its model_state_dict is what my.code.Model makes, and coact reads " +
    "pickles as data and executes nothing; save a dict with the state_dict()",
  ],
  [
    "with options that are no plain values, of which the encoding depends",
    checkpoint({ args: pickleOf("comegaconf\nDictConfig\n)R"), n_relation: undefined }),
    "PATH: args is omegaconf.DictConfig, which is not read, and nothing else says whether its " +
    "encoding is rectified; save it again with plain values, such as vars(args)",
  ],
  [
    "with a number of slots that is no plain value and not to be had otherwise",
    checkpoint({
      args: { n_relation: pickleOf("cnumpy\nint64\n)R") },
      n_relation: undefined,
      n_free: undefined,
    }),
    "PATH does not say how many of its 3 features are relation slots in plain values: " +
    "args.n_relation is numpy.int64, which is not read",
  ],
  [
    "with a size that is no number",
    checkpoint({ d_model: "wide" }),
    "PATH: d_model: invalid input: expected number, received string",
  ],
  [
    "of a traditional SAE with another number of features",
    checkpoint({ args: { is_traditional: true, n_hidden: 4 } }),
    "PATH contradicts itself: it says args.n_hidden 4, but its encoder.weight of shape [3, 2] " +
    "makes that 3",
  ],
  [
    "without slots that does not say that it is traditional",
    checkpoint({ args: { n_free: 3, n_relation: 0 }, n_free: 3, n_relation: 0 }),
    "PATH has 3 free features and 0 relation slots, expected some of each; a traditional SAE says " +
    "is_traditional in its args",
  ],
];

for (const [what, bytes, message] of REFUSED) {
  Deno.test(`openSaeCheckpoint() refuses a checkpoint ${what}`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("sae.pt", bytes);
    await assert.rejects(openSaeCheckpoint(path, 0), new InputError(message.replace("PATH", path)));
  });
}

Deno.test("loadSae() refuses weights that are not finite", async () => {
  using directory = new TemporaryDirectory();
  const state = {
    "encoder.weight": torchTensor("0", [7, 1]),
    "encoder.bias": torchTensor("1", [7]),
  };
  const path = directory.write(
    "sae.pt",
    torchFile({ model_state_dict: state, n_relation: 1 }, {
      0: Float32Array.of(1, 2, NaN, 4, 5, 6, 7),
      1: new Float32Array(7),
    }),
  );
  await assert.rejects(
    loadSae(path),
    new InputError(
      `${path}: tensor encoder.weight holds NaN at position 2, expected finite numbers`,
    ),
  );
});

Deno.test("openSaeCheckpoint() refuses a pickle that is nothing but a call, and executes nothing", async () => {
  using directory = new TemporaryDirectory();
  const marker = `${directory.path}/executed`;
  const call = `cos\nsystem\n(Vtouch ${marker}\ntR.`;
  const path = directory.write("sae.pt", torchFile(pickleOf(call), {}));
  await assert.rejects(
    openSaeCheckpoint(path, 0),
    new InputError(
      `${path} is no SAE checkpoint: it holds what os.system makes, and coact reads pickles as data ` +
        "and executes nothing; save a dict with the state_dict()",
    ),
  );
  assert.throws(() => Deno.statSync(marker), Deno.errors.NotFound);
});

// What nobody reads.

const TORCH = new URL("../../fixtures/torch", import.meta.url).pathname;
for (let protocol = 1; protocol <= 5; protocol++) {
  const path = `${TORCH}/metadata_protocol${protocol}.pt`;
  Deno.test(`loadSae() reads an SAE beside sixty objects of Python, in protocol ${protocol}`, async () => {
    const { sae, shape } = await loadSae(path);
    assert.deepEqual(shape, {
      kind: "supervised",
      ...{ width: 2, featureCount: 3, freeCount: 2, slotCount: 1 },
    });
    assert.deepEqual(await sae.rows.read(0, 3), Float32Array.of(1, 2, 3, 4, 5, 6));
    assert.deepEqual(sae.bias, Float32Array.of(7, 8, 9)); // elements 7 to 9 of a longer storage
  });

  Deno.test(`loadDecoder() gathers a transposed weight and an expanded bias of protocol ${protocol}`, async () => {
    const { decoder } = await loadDecoder(path);
    // Of each feature what it adds to the two numbers of a hidden state.
    assert.deepEqual(await decoder!.rows.read(0, 3), Float32Array.of(0, 1, 2, 3, 4, 5));
    assert.deepEqual(decoder!.bias, Float32Array.of(0.5, 0.5));
  });
}

for (const kind of ["namespace", "simple_namespace"]) {
  Deno.test(`openSaeCheckpoint() reads the options of a ${kind}`, async () => {
    assert.equal((await openSaeCheckpoint(`${TORCH}/args_${kind}.pt`, 0)).shape.slotCount, 1);
  });
}

Deno.test("openSaeCheckpoint() says that the options are an object of a class of the script's own", async () => {
  const path = `${TORCH}/args_config.pt`;
  await assert.rejects(
    openSaeCheckpoint(path, 0),
    inputError(/: args is __main__\.Config, which is not read/),
  );
});

Deno.test("openSaeCheckpoint() does not mind an unread object where tensors or plain values say the same", async () => {
  using directory = new TemporaryDirectory();
  const numpy = pickleOf("cnumpy\nint64\n)R");
  const bytes = checkpoint({ args: numpy, d_model: numpy, n_free: numpy });
  assert.equal((await openSaeCheckpoint(directory.write("sae.pt", bytes), 0)).shape.slotCount, 1);
});

// Sizes that tensors prove.

Deno.test("openSaeCheckpoint() counts a slot for each value head where nothing says how many there are", async () => {
  using directory = new TemporaryDirectory();
  const silent = { args: undefined, n_free: undefined, n_relation: undefined, d_model: undefined };
  const open = async (heads: string[]) => {
    const tensors = Object.fromEntries(heads.map((name) => [name, torchTensor("1", [3])]));
    return await openSaeCheckpoint(directory.write("sae.pt", checkpoint(silent, tensors)), 0);
  };
  const { shape } = await open([
    "value_heads.0.0.weight",
    "value_heads.0.2.bias",
    "value_heads.1.0.bias",
  ]);
  assert.deepEqual([shape.freeCount, shape.slotCount], [1, 2]);
  const wrapped = await open(["module.value_heads.0.0.weight", "module.value_heads.1.0.weight"]);
  assert.equal(wrapped.shape.slotCount, 2);
  const missing = /does not say how many of its 3 features are relation slots/;
  await assert.rejects(open(["value_heads.1.0.weight"]), missing); // one is missing
  await assert.rejects(open([]), missing);
});

// "Not there" is said only of what is not there.

const BESIDE: [what: string, make: (path: string) => void, problem: RegExp][] = [
  [
    "a link that leads nowhere",
    (path) => Deno.symlinkSync("gone.pt", path),
    /layer2\/sae_best\.pt is a link to gone\.pt, which does not exist$/,
  ],
  [
    "a link to itself",
    (path) => Deno.symlinkSync("sae_best.pt", path),
    /layer2\/sae_best\.pt cannot be read: its links lead in a circle$/,
  ],
  [
    "a directory",
    (path) => Deno.mkdirSync(path),
    /layer2\/sae_best\.pt is a directory, expected a file$/,
  ],
  [
    "an unfinished download",
    (path) => Deno.writeTextFileSync(`${path}.incomplete`, ""),
    /sae_best\.pt does not exist; .*sae_best\.pt\.incomplete is a download that has not come to its end/,
  ],
];
for (const [what, make, problem] of BESIDE) {
  Deno.test(`findCheckpoint() does not take sae_final.pt beside ${what} as sae_best.pt`, async () => {
    using directory = new TemporaryDirectory();
    directory.write("layer2/sae_final.pt", checkpoint());
    make(`${directory.path}/layer2/sae_best.pt`);
    await assert.rejects(findCheckpoint(directory.path, 2), inputError(problem));
  });
}

Deno.test("findCheckpoint() says that a layer's directory is a link that leads nowhere, or a file", async () => {
  using directory = new TemporaryDirectory();
  Deno.symlinkSync("/nowhere/layer2", `${directory.path}/layer2`);
  await assert.rejects(
    findCheckpoint(directory.path, 2),
    inputError(/layer2 is a link to \/nowhere\/layer2, which does not exist$/),
  );
  directory.write("layer3", "");
  await assert.rejects(
    findCheckpoint(directory.path, 3),
    inputError(/layer3 is a file, expected a directory$/),
  );
});

Deno.test("findCheckpoint() passes on that it may not look", async () => {
  const { stat } = Deno; // root may look everywhere
  Deno.stat = () => Promise.reject(new Deno.errors.PermissionDenied("os error 13"));
  try {
    await assert.rejects(
      findCheckpoint("saes", 2),
      inputError("saes/layer2/sae_best.pt cannot be read: permission denied"),
    );
  } finally {
    Deno.stat = stat;
  }
});

// What stands in its place.

for (
  const [what, content, problem] of [
    [
      "a Git LFS pointer",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
      "is a Git LFS pointer",
    ],
    ["a web page", "<!doctype html><title>Not found</title>", "is a web page (HTML)"],
    [
      "a safetensors file",
      "\x02\0\0\0\0\0\0\0{}",
      "is a safetensors file, expected what torch.save writes",
    ],
    ["nothing", "", "is empty"],
  ] as const
) {
  Deno.test(`openSaeCheckpoint() says that ${what} is in the checkpoint's place`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("sae_best.pt", content);
    await assert.rejects(
      openSaeCheckpoint(path, 0),
      (error: Error) => inputError(/./)(error) && error.message.startsWith(`${path} ${problem}`),
    );
  });
}

Deno.test("openSaeCheckpoint() names the unfinished download beside a file that is cut off", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("sae_best.pt", checkpoint().slice(0, -60));
  await assert.rejects(openSaeCheckpoint(path, 0), inputError(/it may be truncated$/));
  const download = directory.write("sae_best.pt.part", "");
  await assert.rejects(
    openSaeCheckpoint(path, 0),
    inputError(
      `${path} is no usable zip file: it has no directory at its end; it may be truncated; ` +
        `${download} is a download that has not come to its end: finish it, or remove it`,
    ),
  );
});
