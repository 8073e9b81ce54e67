import assert from "node:assert/strict";
import { activationSums, readSums } from "../../../lib/results/artifacts/activation_sums.ts";
import { readLayerRecord, readLayerResult } from "../../../lib/results/layer_result.ts";
import { writeLayerResult } from "../../../lib/results/write_layer.ts";
import { addOne, emptySums } from "../../../lib/sae/encode/exact_sums.ts";
import { inputError } from "../../support/input_errors.ts";
import { layerResult } from "../../support/layer_results.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";

/** Sums of all cells of the layer; with a rest, one that float64 does not hold. */
function sums(hasRest: boolean) {
  const made = emptySums(layerResult().means.length);
  made.values.forEach((_, cell) => addOne(made, cell, 0.1 * cell));
  if (hasRest) addOne(made, 3, 2 ** -70);
  return made;
}

for (const hasRest of [false, true]) {
  const what = hasRest ? "that float64 does not hold" : "that float64 holds";
  Deno.test(`readSums() gives back sums ${what}`, async () => {
    using directory = new TemporaryDirectory();
    await writeLayerResult(directory.path, { ...layerResult(), sums: sums(hasRest) });
    const record = await readLayerRecord(directory.path, 6);
    assert.equal(sums(hasRest).rests.size, hasRest ? 1 : 0);
    assert.deepEqual(await readSums(directory.path, record), sums(hasRest));
  });
}

Deno.test("readSums() knows none of results that have none, which are read all the same", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, { ...layerResult(), sums: sums(false) });
  await writeLayerResult(directory.path, layerResult());
  const { record } = await readLayerResult(directory.path, 6);
  assert.equal(await readSums(directory.path, record), undefined);
  await assert.rejects(Deno.stat(`${directory.path}/layer06_${activationSums.file}`));
});

Deno.test("readSums() refuses sums that are not as they were written", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, { ...layerResult(), sums: sums(false) });
  const path = `${directory.path}/layer06_${activationSums.file}`;
  const bytes = Deno.readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  Deno.writeFileSync(path, bytes);
  const record = await readLayerRecord(directory.path, 6);
  await assert.rejects(readSums(directory.path, record), inputError(/activation_sums\.npy/));
});
