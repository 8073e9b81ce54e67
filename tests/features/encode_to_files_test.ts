import assert from "node:assert/strict";
import { encodeToFiles } from "../../lib/features/encode_to_files.ts";
import { openTensorFile } from "../../lib/tensors/open_tensor_file.ts";
import { inputError } from "../support/input_errors.ts";
import { npyFile } from "../support/npy.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const CASE = "tests/fixtures/saes/gemma_scope1_res";
const { entry, d, m } = JSON.parse(Deno.readTextFileSync(`${CASE}/case.json`));
const INPUTS = {
  sae: `${CASE}/files/${entry}`,
  states: `${CASE}/hidden.npy`,
  device: "cpu",
} as const;

const arrayOf = async (path: string) => await (await openTensorFile(path)).read("array");
const namesIn = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

/** Float32 against float64, as a fraction of the greatest value. */
function agree(found: Float32Array, expected: Float32Array): void {
  assert.equal(found.length, expected.length);
  const greatest = expected.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  found.forEach((x, i) => assert(Math.abs(x - expected[i]!) <= 1e-5 * greatest, `${i}: ${x}`));
}

Deno.test("encodeToFiles() writes the owner's features and reconstruction, and what they are of", async () => {
  using directory = new TemporaryDirectory();
  const outputDirectory = `${directory.path}/a/b`;
  const record = await encodeToFiles({ ...INPUTS, outputDirectory, reconstruction: true });
  assert.deepEqual(namesIn(outputDirectory), ["encode.json", "features.npy", "reconstruction.npy"]);
  agree(await arrayOf(`${outputDirectory}/features.npy`), await arrayOf(`${CASE}/features.npy`));
  agree(
    await arrayOf(`${outputDirectory}/reconstruction.npy`),
    await arrayOf(`${CASE}/reconstruction.npy`),
  );
  assert.deepEqual(record, JSON.parse(Deno.readTextFileSync(`${outputDirectory}/encode.json`)));
  assert.deepEqual([record.format, record.architecture], ["Gemma Scope", "jumprelu"]);
  assert.deepEqual([record.site, record.d, record.m, record.k], ["post 12", d, m, null]);
  assert.deepEqual(Object.keys(record.sae.sha256), [`${INPUTS.sae}/params.npz`]);
});

Deno.test("encodeToFiles() gives no features of no states", async () => {
  using directory = new TemporaryDirectory();
  const states = directory.write("none.npy", npyFile([0, d], []));
  const outputDirectory = `${directory.path}/out`;
  for (const sparse of [false, true]) {
    const { files } = await encodeToFiles({
      ...INPUTS,
      states,
      outputDirectory,
      sparse,
      force: true,
    });
    assert.deepEqual(files[sparse ? "features.npz" : "features.npy"]!.shape, [0, m]);
  }
});

Deno.test("encodeToFiles() writes nothing over, unless it may; then what went before is gone", async () => {
  using directory = new TemporaryDirectory();
  const outputDirectory = directory.path;
  const mine = directory.write("features.npz", "mine");
  const options = { ...INPUTS, outputDirectory };
  await assert.rejects(
    encodeToFiles(options),
    inputError(`${mine} is there already; --force writes over it`),
  );
  assert.deepEqual(namesIn(outputDirectory), ["features.npz"]);
  await encodeToFiles({ ...options, force: true });
  assert.equal(Deno.readTextFileSync(mine), "mine", "it is no file of an earlier run");
  await encodeToFiles({ ...options, force: true, sparse: true });
  assert.deepEqual(namesIn(outputDirectory), ["encode.json", "features.npz"]);
});

Deno.test("encodeToFiles() leaves nothing behind where a row is not finite", async () => {
  using directory = new TemporaryDirectory();
  const values = new Float32Array(3 * d).fill(1);
  values[2 * d] = Infinity;
  const states = directory.write("states.npy", npyFile([3, d], values));
  const outputDirectory = `${directory.path}/out`;
  for (const sparse of [false, true]) {
    await assert.rejects(
      encodeToFiles({ ...INPUTS, states, outputDirectory, sparse }),
      inputError(`${states}: row 2 holds Infinity, expected finite numbers`),
    );
    await assert.rejects(Deno.stat(outputDirectory), Deno.errors.NotFound);
  }
});

Deno.test("encodeToFiles() centres states where it is told to, and gives back what is not centred", async () => {
  using directory = new TemporaryDirectory();
  const hidden = await arrayOf(INPUTS.states);
  const shifted = directory.write(
    "states.npy",
    npyFile([hidden.length / d, d], hidden.map((x) => x + 2)),
  );
  const run = async (states: string, name: string) => {
    const outputDirectory = `${directory.path}/${name}`;
    await encodeToFiles({
      ...INPUTS,
      states,
      outputDirectory,
      centreStates: true,
      reconstruction: true,
    });
    return [
      await arrayOf(`${outputDirectory}/features.npy`),
      await arrayOf(`${outputDirectory}/reconstruction.npy`),
    ] as const;
  };
  const [features, decoded] = await run(INPUTS.states, "plain");
  const [shiftedFeatures, shiftedDecoded] = await run(shifted, "shifted");
  agree(shiftedFeatures, features);
  agree(shiftedDecoded, decoded.map((x) => x + 2));
});
