import assert from "node:assert/strict";
import {
  type LayerArrays,
  questionCount,
  readLayerArray,
  readLayerRecord,
} from "../../lib/results/layer_result.ts";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { inputError } from "../support/input_errors.ts";
import { layerRecord, layerResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** What to do about a damaged file of layer 6. */
function remedy({ path }: TemporaryDirectory): string {
  return `make it with: deno task analyze --layers 6 --output_dir ${path}, and the options that ` +
    "name your files";
}

const ARRAYS = ["means", "maxima", "consistency", "slotActivations", "questions"] as const;

Deno.test("writeLayerResult() writes what readLayerRecord() and readLayerArray() read", async () => {
  using directory = new TemporaryDirectory();
  const result = layerResult();
  await writeLayerResult(directory.path, result);
  const record = await readLayerRecord(directory.path, 6);
  const { files_sha256, ...rest } = record;
  assert.deepEqual(rest, result.record);
  assert.deepEqual(Object.keys(files_sha256!).sort(), [
    "layer06_activation_matrix.npy",
    "layer06_activation_maxima.npy",
    "layer06_common_features.json",
    "layer06_consistency.npy",
    "layer06_questions.npy",
    "layer06_slot_activations.npy",
    "layer06_statistics.json",
  ]);
  for (const name of ARRAYS) {
    assert.deepEqual(await readLayerArray(directory.path, record, name), result[name], name);
  }
});

Deno.test("readLayerRecord() names the command that makes a missing record", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(
    readLayerRecord(directory.path, 6),
    inputError(
      `${directory.path}/layer06_analysis.json is missing; make it with: ` +
        `deno task analyze --layers 6 --output_dir ${directory.path}, and the options that name ` +
        "your files",
    ),
  );
});

Deno.test("readLayerRecord() names the field that is wrong", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "layer06_analysis.json",
    JSON.stringify(layerRecord({ d_model: 0 })),
  );
  await assert.rejects(
    readLayerRecord(directory.path, 6),
    inputError(new RegExp(`^${path}: d_model: `)),
  );
});

Deno.test("readLayerRecord() refuses half a record", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("layer06_analysis.json", '{"layer": 6,');
  await assert.rejects(
    readLayerRecord(directory.path, 6),
    inputError(`${path} is no JSON (column 13)`),
  );
});

Deno.test("readLayerRecord() refuses the record of another layer", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "layer06_analysis.json",
    JSON.stringify(layerRecord({ layer: 5 })),
  );
  await assert.rejects(
    readLayerRecord(directory.path, 6),
    inputError(new RegExp(`^${path}.*layer 5`)),
  );
});

Deno.test("readLayerArray() says which array is missing", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(
    readLayerArray(directory.path, layerRecord(), "consistency"),
    inputError(
      `${directory.path}/layer06_consistency.npy is missing; make it with: deno task analyze ` +
        `--layers 6 --output_dir ${directory.path}, and the options that name your files`,
    ),
  );
});

const OTHER_SHAPES: readonly [name: keyof LayerArrays, expected: string][] = [
  ["means", "layer06_activation_matrix.npy has shape [2, 5], expected [2, 6]"],
  ["maxima", "layer06_activation_maxima.npy has shape [2, 5], expected [2, 6]"],
  ["consistency", "layer06_consistency.npy has shape [2, 5], expected [2, 6]"],
  ["slotActivations", "layer06_slot_activations.npy has shape [4, 2], expected [4, 3]"],
];

for (const [name, expected] of OTHER_SHAPES) {
  Deno.test(`readLayerArray() refuses ${name} of another shape than the record says`, async () => {
    using directory = new TemporaryDirectory();
    await writeLayerResult(directory.path, layerResult());
    await assert.rejects(
      readLayerArray(directory.path, layerRecord({ n_relation: 3 }), name),
      inputError(`${directory.path}/${expected}; ${remedy(directory)}`),
    );
  });
}

Deno.test("readLayerArray() refuses as many questions as the record does not say", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  const [relation] = layerRecord().relations;
  await assert.rejects(
    readLayerArray(directory.path, layerRecord({ relations: [relation!] }), "questions"),
    inputError(
      `${directory.path}/layer06_questions.npy has shape [4, 2], expected [2, 2]; ` +
        remedy(directory),
    ),
  );
});

for (const share of [-0.5, 1.5]) {
  Deno.test(`readLayerArray() refuses a consistency of ${share}`, async () => {
    using directory = new TemporaryDirectory();
    const result = layerResult();
    result.consistency[3] = share;
    await writeLayerResult(directory.path, result);
    await assert.rejects(
      readLayerArray(directory.path, layerRecord(), "consistency"),
      inputError(
        `${directory.path}/layer06_consistency.npy holds ${share} at position 3, expected 0 to 1; ` +
          remedy(directory),
      ),
    );
  });
}

Deno.test("questionCount() adds the questions of all relations", () => {
  const [first, second] = layerRecord().relations;
  const relations = [{ ...first!, questions: 3 }, { ...second!, questions: 4 }];
  assert.equal(questionCount(layerRecord({ relations })), 7);
});
