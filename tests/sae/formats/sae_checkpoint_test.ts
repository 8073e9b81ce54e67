import assert from "node:assert/strict";
import { InputError } from "../../../lib/base/errors.ts";
import { openSaeCheckpoint } from "../../../lib/sae/formats/sae_checkpoint.ts";
import { REFERENCE } from "../../support/fixtures.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { opcodesOf, pickleOf, torchFile, torchTensor } from "../../support/torch_file.ts";
import { checkpoint, STORAGES } from "./checkpoints.ts";

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
