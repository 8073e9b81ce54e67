import assert from "node:assert/strict";
import { InputError } from "../../lib/errors.ts";
import { findCheckpoint, loadSae, openSae } from "../../lib/sae/sae_checkpoint.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { opcodesOf, pickleOf, torchFile, torchTensor } from "../support/torch_file.ts";

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

Deno.test("openSae() tells the sizes and kinds of PyTorch's own files", async () => {
  const supervised = await openSae(`${REFERENCE}/sae/layer3/sae_final.pt`, 3);
  assert.deepEqual(supervised.shape, {
    kind: "supervised",
    width: 32,
    featureCount: 166,
    freeCount: 160,
    slotCount: 6,
  });
  const traditional = await openSae(
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
  assert.equal(sae.weight.length, 166 * 32);
  assert.equal(sae.bias.length, 166);
  const encoder = 4 * (166 * 32 + 166);
  assert.equal(byteLength, (await Deno.stat(path)).size);
  assert(bytesRead - encoder < 0.12 * byteLength, `${bytesRead} of ${byteLength}`);
});

Deno.test("loadSae() gives the same hash for the same encoder only", async () => {
  using directory = new TemporaryDirectory();
  const hash = async (bytes: Uint8Array) =>
    (await loadSae(directory.write("sae.pt", bytes))).sha256;
  const first = await hash(checkpoint());
  assert.equal(await hash(checkpoint()), first);
  assert.notEqual(await hash(checkpoint({ epoch: 3 })), first);
});

Deno.test("openSae() takes the number of relations from args, the file, or AlignSAE's default", async () => {
  using directory = new TemporaryDirectory();
  const slots = async (changes: Record<string, unknown>, rows = 3) => {
    const encoder = {
      "encoder.weight": torchTensor("0", [rows, 2]),
      "encoder.bias": torchTensor("1", [rows]),
    };
    const storages = { 0: new Float32Array(2 * rows), 1: new Float32Array(rows) };
    const path = directory.write("sae.pt", checkpoint(changes, encoder, storages));
    return (await openSae(path, 0)).shape.slotCount;
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

Deno.test("openSae() takes None for an option that was not given, and 0 and 1 for flags", async () => {
  using directory = new TemporaryDirectory();
  const kind = async (args: Record<string, unknown>) => {
    const path = directory.write("sae.pt", checkpoint({ args, n_free: undefined, n_relation: 1 }));
    return (await openSae(path, 0)).shape.kind;
  };
  const none = { n_free: null, n_relation: null, n_hidden: null };
  assert.equal(await kind({ ...none, is_traditional: null }), "supervised");
  assert.equal(await kind({ ...none, is_traditional: 0 }), "supervised");
  assert.equal(await kind({ ...none, is_traditional: 1 }), "traditional");
});

for (const wrapper of ["module.", "_orig_mod."]) {
  Deno.test(`openSae() sees through the wrapper ${wrapper} of parameter names`, async () => {
    using directory = new TemporaryDirectory();
    const state = {
      [`${wrapper}encoder.weight`]: torchTensor("0", [3, 2]),
      [`${wrapper}encoder.bias`]: torchTensor("1", [3]),
    };
    const path = directory.write("sae.pt", checkpoint({ model_state_dict: state }));
    assert.equal((await openSae(path, 0)).shape.featureCount, 3);
  });
}

Deno.test("openSae() does not guess whether an SAE rectifies", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("traditional_sae_final.pt", checkpoint({ args: {} }));
  await assert.rejects(
    openSae(path, 0),
    new InputError(
      `${path} looks like a traditional SAE, but its args do not say is_traditional: it cannot be ` +
        "told whether its encoding is rectified",
    ),
  );
});

Deno.test("openSae() is not kept busy by keys that would be endless as text", async () => {
  using directory = new TemporaryDirectory();
  // A key of 60 nested pairs, each of the same thing twice, beside the checkpoint's own keys.
  const key = ")" + "2\x86".repeat(60);
  const state = {
    "encoder.weight": torchTensor("0", [3, 2]),
    "encoder.bias": torchTensor("1", [3]),
  };
  const own = `Vmodel_state_dict\n${opcodesOf(state)}Vn_relation\nI1\n`;
  const path = directory.write("sae.pt", torchFile(pickleOf(`(${key}N${own}d.`), STORAGES));
  assert.equal((await openSae(path, 0)).shape.slotCount, 1);
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
  Deno.test(`openSae() refuses a checkpoint ${what}`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("sae.pt", bytes);
    await assert.rejects(openSae(path, 0), new InputError(message.replace("PATH", path)));
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

Deno.test("openSae() refuses a pickle that calls anything, and says that it was not executed", async () => {
  using directory = new TemporaryDirectory();
  const marker = `${directory.path}/executed`;
  const call = `cos\nsystem\n(Vtouch ${marker}\ntR.`;
  const path = directory.write("sae.pt", torchFile(pickleOf(call), {}));
  await assert.rejects(
    openSae(path, 0),
    new InputError(
      `${path} is refused: it refers to os.system, which is no tensor or plain data ` +
        "(its pickle was read as data, not executed)",
    ),
  );
  assert.throws(() => Deno.statSync(marker), Deno.errors.NotFound);
});
