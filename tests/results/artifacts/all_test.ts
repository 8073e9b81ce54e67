/** The entries of the files of numbers, whichever there are. */
import assert from "node:assert/strict";
import { type AnyArray, ARRAYS, NUMBERS, RECORD } from "../../../lib/results/artifacts/all.ts";
import { makeArrays } from "../../../lib/results/layer_result.ts";
import { npyBytes } from "../../../lib/results/npy_file.ts";
import { layerRecord, layerResult } from "../../support/layer_results.ts";

/** What encoding gives of two relations with two questions each, three free features and two slots. */
const NUMBERS_OF_A_LAYER = {
  reductions: {
    groupSizes: [2, 2],
    featureCount: 5,
    sums: Float64Array.of(2, 6, 4, 8, 1, -2, 0.5, 0, 2, 4),
    maxima: layerResult().maxima,
    counts: Uint32Array.of(2, 2, 1, 2, 1, 0, 1, 0, 1, 2),
    rests: { sums: new Map(), squares: new Map() },
  },
  keptActivations: layerResult().slotActivations,
  questions: [
    { relation: 0, line: 1 },
    { relation: 0, line: 3 },
    { relation: 1, line: 2 },
    { relation: 1, line: 4 },
  ],
};

Deno.test("no two files of numbers have one name", () => {
  const names = [RECORD, ...NUMBERS].map(({ file }) => file);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("makeArrays() makes every array of what encoding gave", () => {
  const { record: _, ...expected } = layerResult();
  assert.deepEqual(makeArrays(NUMBERS_OF_A_LAYER), expected);
});

for (const [name, entry] of Object.entries(ARRAYS)) {
  Deno.test(`${name} are of the type and the shape that ${entry.file} is said to have`, () => {
    const { type, shape, make, problem } = entry as AnyArray;
    const values = make(NUMBERS_OF_A_LAYER);
    const sizes = shape(layerRecord());
    assert.equal(values.length, sizes.reduce((a, b) => a * b));
    const header = new TextDecoder("latin1").decode(npyBytes(values, sizes).subarray(0, 100));
    assert(header.includes(`<${type}`), header);
    assert.equal(problem?.(values as never, layerRecord()), undefined);
  });
}
