import assert from "node:assert/strict";
import { loadDecoder, loadEncoder, passDecoder } from "../../../lib/sae/formats/load_checkpoint.ts";
import { activationsOf, encodeRows } from "../../../lib/sae/encode_row.ts";
import { squaredError, squaredErrorOf } from "../../../lib/sae/reconstruction.ts";
import { REFERENCE } from "../../support/fixtures.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { randomNumbers } from "../../support/tiny_model.ts";
import { torchFile, torchTensor } from "../../support/torch_file.ts";

const PATH = `${REFERENCE}/sae/layer0/sae_best.pt`;
const STATES = [1, 2].map((seed) => Float64Array.from(randomNumbers(32, seed)));

/** A linear SAE of 21 features, with a decoder. */
const SUPERVISED = torchFile({
  model_state_dict: {
    "encoder.weight": torchTensor("0", [21, 32]),
    "encoder.bias": torchTensor("1", [21]),
    "decoder.weight": torchTensor("2", [32, 21]),
    "decoder.bias": torchTensor("3", [32]),
  },
  n_relation: 2,
}, Object.fromEntries([21 * 32, 21, 32 * 21, 32].map((size, i) => [i, randomNumbers(size, i)])));

for (const wholeBytes of [0, 2 ** 20]) {
  const how = wholeBytes === 0 ? "that is not kept" : "that is kept";
  Deno.test(`an SAE ${how} gives the same activations and error on the way as it does later`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("sae.pt", SUPERVISED);
    const { sae, products } = await loadEncoder(path, { vectors: STATES, wholeBytes });
    const activations = products!.map((each) => activationsOf(sae, each));
    assert.deepEqual(activations, await encodeRows(sae, STATES));
    const { decoder, products: decoded } = await passDecoder(path, {
      vectors: activations,
      wholeBytes,
    });
    const error = squaredErrorOf(STATES, { sae, decoder: decoder! }, decoded!);
    assert.equal(error, await squaredError(STATES, { sae, decoder: decoder! }));
    assert(error > 0);
    const greatest = (await sae.rows.read(0, sae.featureCount))
      .reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    assert.equal(sae.rows.greatest, greatest);
  });
}

Deno.test("an encoder goes where there is room for it, if that is as long", async () => {
  const fresh = (await loadEncoder(PATH)).sae;
  const length = fresh.width * fresh.featureCount;
  for (const other of [0, 1]) {
    const room = new Float32Array(length + other).fill(NaN);
    const { sae } = await loadEncoder(PATH, { room });
    const rows = await sae.rows.read(0, sae.featureCount);
    assert.equal(rows.buffer === room.buffer, other === 0);
    assert.deepEqual(rows, await fresh.rows.read(0, fresh.featureCount));
  }
});

/** A checkpoint of one feature more than a piece of 1 MiB has. */
function longSae(change: (weight: Float32Array) => void): Uint8Array {
  const [features, width] = [257, 1024];
  const weight = new Float32Array(features * width).fill(0.5);
  change(weight);
  const state = {
    "encoder.weight": torchTensor("0", [features, width]),
    "encoder.bias": torchTensor("1", [features]),
  };
  return torchFile({ model_state_dict: state, n_relation: 1 }, {
    0: weight,
    1: new Float32Array(features),
  });
}

Deno.test("a number that is not finite is named by its place in the matrix, once the checksum is right", async () => {
  using directory = new TemporaryDirectory();
  const at = 256 * 1024 + 3;
  const bytes = longSae((weight) => weight[at] = Infinity);
  const path = directory.write("sae.pt", bytes);
  for (const wholeBytes of [0, 2 ** 26]) {
    await assert.rejects(
      loadEncoder(path, { wholeBytes }),
      inputError(new RegExp(`tensor encoder\\.weight holds Infinity at position ${at},`)),
    );
  }
  const damaged = bytes.lastIndexOf(0x7f); // of the infinity
  directory.write("sae.pt", bytes.with(damaged, 0x7e));
  await assert.rejects(loadEncoder(path), inputError(/the checksum of entry/));
});

Deno.test("what lies otherwise has no products, and is read all the same", async () => {
  const { products, sae } = await loadEncoder(PATH, { vectors: STATES });
  assert.equal(products!.length, 2);
  const path = new URL("../../fixtures/torch/metadata_protocol2.pt", import.meta.url).pathname;
  const gathered = await passDecoder(path, { vectors: [new Float64Array(3).fill(1)] });
  assert.equal(gathered.products, undefined);
  const { decoder } = await loadDecoder(path);
  assert.deepEqual(
    await gathered.decoder!.rows.read(0, 3),
    await decoder!.rows.read(0, 3),
  );
  assert.equal(sae.width, 32);
});
