import assert from "node:assert/strict";
import { openStatesFile } from "../../lib/features/states_file.ts";
import { inputError } from "../support/input_errors.ts";
import { npyFile, type NpyOptions } from "../support/npy.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { randomNumbers, safetensors } from "../support/tiny_model.ts";

const TAKER = { path: "some/sae", width: 6, readsHeads: false };
/** Numbers that float16 holds, too. */
const VALUES = Float32Array.from(new Float16Array(randomNumbers(24, 1)));

const WAYS: Record<string, NpyOptions> = {
  "float32": {},
  "float64, big-endian": { descr: ">f8" },
  "float16, column by column": { descr: "<f2", isFortran: true },
  "float32, big-endian, column by column": { descr: ">f4", isFortran: true },
};

for (const [way, options] of Object.entries(WAYS)) {
  Deno.test(`openStatesFile() reads the same states of ${way}, in any order`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("states.npy", npyFile([4, 6], VALUES, options));
    const states = await openStatesFile(path, undefined, TAKER);
    assert.deepEqual([states.count, states.width], [4, 6]);
    assert.deepEqual(await states.read(2, 2), VALUES.slice(12));
    assert.deepEqual(await states.read(0, 3), VALUES.slice(0, 18));
    assert.deepEqual(await states.read(4, 0), new Float32Array(0));
  });
}

Deno.test("openStatesFile() reads bfloat16 of a safetensors file, by the tensor's name", async () => {
  using directory = new TemporaryDirectory();
  const values = new Float32Array([1, -2, 0.5, 4, 3, -8]);
  const tensors = new Map([
    ["layer 3", { shape: [1, 6], values }],
    ["layer 4", { shape: [1, 6], values: values.map((x) => 2 * x) }],
  ]);
  const path = directory.write("states.safetensors", safetensors(tensors, "BF16"));
  const states = await openStatesFile(path, "layer 4", TAKER);
  assert.deepEqual(await states.read(0, 1), values.map((x) => 2 * x));
  await assert.rejects(
    openStatesFile(path, undefined, TAKER),
    inputError(`${path} holds 2 tensors: layer 3, layer 4; name one with --states_key`),
  );
  await assert.rejects(
    openStatesFile(path, "layer", TAKER),
    inputError(`${path} has no tensor layer, but layer 3, layer 4; name one with --states_key`),
  );
});

Deno.test("openStatesFile() names both widths where they differ", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("states.npy", npyFile([4, 5], VALUES.slice(4)));
  await assert.rejects(
    openStatesFile(path, undefined, TAKER),
    inputError(`${path} holds states of width 5 (shape [4, 5]), but some/sae takes 6`),
  );
});

Deno.test("openStatesFile() takes three dimensions for heads only where an SAE reads them", async () => {
  using directory = new TemporaryDirectory();
  for (const isFortran of [false, true]) {
    const path = directory.write("states.npy", npyFile([4, 3, 2], VALUES, { isFortran }));
    const states = await openStatesFile(path, undefined, { ...TAKER, readsHeads: true });
    assert.deepEqual(await states.read(1, 2), VALUES.slice(6, 18));
    await assert.rejects(
      openStatesFile(path, undefined, TAKER),
      inputError(/shape \[4, 3, 2\], expected \[n, 6\]; .* which some\/sae does not$/),
    );
  }
  const one = directory.write("one.npy", npyFile([6], VALUES.slice(18)));
  await assert.rejects(
    openStatesFile(one, undefined, TAKER),
    inputError(`${one} has shape [6], expected [n, 6]`),
  );
});

Deno.test("states that are not finite are named by their row, however they lie", async () => {
  using directory = new TemporaryDirectory();
  const values = VALUES.slice();
  values[20] = NaN;
  for (const isFortran of [false, true]) {
    const path = directory.write("states.npy", npyFile([4, 6], values, { isFortran }));
    const states = await openStatesFile(path, undefined, TAKER);
    await assert.rejects(
      states.read(2, 2),
      inputError(`${path}: row 3 holds NaN, expected finite numbers`),
    );
  }
});

Deno.test("openStatesFile() refuses numbers that are not floating-point, and other files", async () => {
  using directory = new TemporaryDirectory();
  const bytes = npyFile([4, 6], VALUES);
  new TextEncoder().encodeInto("<i4", bytes.subarray(10 + "{'descr': '".length));
  const path = directory.write("states.npy", bytes);
  const states = await openStatesFile(path, undefined, TAKER);
  await assert.rejects(states.read(0, 1), inputError(/is int32, expected floating-point numbers/));
  const other = directory.write("states.csv", "1,2");
  await assert.rejects(openStatesFile(other, undefined, TAKER), inputError(/states\.csv is in no/));
});
