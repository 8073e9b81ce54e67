/** The entries of the files of numbers, whichever there are. */
import assert from "node:assert/strict";
import { type AnyArray, ARRAYS, NUMBERS, RECORD } from "../../../lib/results/artifacts/all.ts";
import { makeArrays } from "../../../lib/results/layer_result.ts";
import { npyBytes } from "../../../lib/results/npy_file.ts";
import { layerNumbers, layerRecord, layerResult } from "../../support/layer_results.ts";

Deno.test("no two files of numbers have one name", () => {
  const names = [RECORD, ...NUMBERS].map(({ file }) => file);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("makeArrays() makes every array of what encoding gave", () => {
  const { record: _, ...expected } = layerResult();
  assert.deepEqual(makeArrays(layerNumbers()), expected);
});

for (const [name, entry] of Object.entries(ARRAYS)) {
  Deno.test(`${name} are of the type and the shape that ${entry.file} is said to have`, () => {
    const { type, shape, make, problem } = entry as AnyArray;
    const values = make(layerNumbers());
    const sizes = shape(layerRecord());
    assert.equal(values.length, sizes.reduce((a, b) => a * b));
    const header = new TextDecoder("latin1").decode(npyBytes(values, sizes).subarray(0, 100));
    assert(header.includes(`<${type}`), header);
    assert.equal(problem?.(values as never, layerRecord()), undefined);
  });
}
