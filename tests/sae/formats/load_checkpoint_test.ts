import assert from "node:assert/strict";
import { InputError } from "../../../lib/base/errors.ts";
import { loadDecoder, loadSae } from "../../../lib/sae/formats/load_checkpoint.ts";
import { REFERENCE } from "../../support/fixtures.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { torchFile, torchTensor } from "../../support/torch_file.ts";
import { checkpoint } from "./checkpoints.ts";

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
