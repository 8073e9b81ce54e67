import assert from "node:assert/strict";
import { toFile } from "../../lib/results/file_counts.ts";
import type { LayerArrays } from "../../lib/results/artifact.ts";
import { NUMBERS } from "../../lib/results/artifacts/all.ts";
import { readLayerArray, readLayerRecord } from "../../lib/results/layer_result.ts";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { inputError } from "../support/input_errors.ts";
import { layerRecord, layerResult } from "../support/layer_results.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** What to do about a damaged file of layer 6. */
function remedy({ path }: TemporaryDirectory): string {
  return `make it with: deno task analyze --layers 6 --output_dir ${path}, and the options that ` +
    "name your files";
}

/** A part of each array's file name. */
const FILES = {
  means: "activation_matrix",
  maxima: "activation_maxima",
  consistency: "consistency",
  slotActivations: "slot_activations",
  questions: "questions",
} as const;

const ARRAYS = ["means", "maxima", "consistency", "slotActivations", "questions"] as const;

Deno.test("writeLayerResult() writes what readLayerRecord() and readLayerArray() read", async () => {
  using directory = new TemporaryDirectory();
  const result = layerResult();
  await writeLayerResult(directory.path, result);
  const record = await readLayerRecord(directory.path, 6);
  const { files_sha256, ...rest } = record;
  assert.deepEqual(rest, result.record);
  // In the order of the entries; those of AlignSAE's analysis are the first of their kinds.
  const hashed = NUMBERS.map(({ file }) => `layer06_${file}`);
  assert.deepEqual(Object.keys(files_sha256!), hashed);
  assert.deepEqual(hashed.filter((name) => name.endsWith(".npy")).slice(0, 5), [
    "layer06_activation_matrix.npy",
    "layer06_activation_maxima.npy",
    "layer06_consistency.npy",
    "layer06_slot_activations.npy",
    "layer06_questions.npy",
  ]);
  assert.deepEqual(hashed.filter((name) => name.endsWith(".json")).slice(0, 2), [
    "layer06_statistics.json",
    "layer06_common_features.json",
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
    JSON.stringify(toFile(layerRecord({ d_model: 0 }))),
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
    JSON.stringify(toFile(layerRecord({ layer: 5 }))),
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
      readLayerArray(directory.path, layerRecord({ slotCount: 3 }), name),
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

for (const name of ARRAYS) {
  Deno.test(`readLayerArray() refuses ${name} that were edited, and names the file`, async () => {
    using directory = new TemporaryDirectory();
    await writeLayerResult(directory.path, layerResult());
    const record = await readLayerRecord(directory.path, 6);
    const [file] = Object.keys(record.files_sha256!).filter((file) => file.includes(FILES[name]));
    const path = `${directory.path}/${file}`;
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length - 4]! ^= 1; // the last bits of a number: it stays finite
    Deno.writeFileSync(path, bytes);
    await assert.rejects(
      readLayerArray(directory.path, record, name),
      inputError(`${path} is not as it was written: its SHA-256 is another; ${remedy(directory)}`),
    );
  });
}

Deno.test("readLayerArray() refuses the array of another layer in this one's place", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  const other = layerResult({ layer: 3 });
  other.means[0] = 7;
  await writeLayerResult(directory.path, other);
  const [here, there] = ["06", "03"].map((layer) =>
    `${directory.path}/layer${layer}_activation_matrix.npy`
  );
  Deno.copyFileSync(there!, here!);
  await assert.rejects(
    readLayerArray(directory.path, await readLayerRecord(directory.path, 6), "means"),
    inputError(/layer06_activation_matrix\.npy is not as it was written/),
  );
});

Deno.test("readLayerArray() refuses an array of whose hash the record says nothing", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  await assert.rejects(
    readLayerArray(directory.path, layerRecord({ files_sha256: {} }), "means"),
    inputError(/layer06_activation_matrix\.npy: the layer's record holds no hash of it/),
  );
});

Deno.test("readLayerRecord() refuses a record without hashes", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("layer06_analysis.json", JSON.stringify(toFile(layerRecord())));
  await assert.rejects(
    readLayerRecord(directory.path, 6),
    inputError(`${path}: files_sha256 is missing`),
  );
});

Deno.test("readLayerArray() refuses questions that ask for other relations than the record", async () => {
  using directory = new TemporaryDirectory();
  await writeLayerResult(directory.path, layerResult());
  const relations = layerRecord().relations.toReversed();
  await assert.rejects(
    readLayerArray(directory.path, layerRecord({ relations }), "questions"),
    inputError(/layer06_questions\.npy has question 0 ask for relation 0, but .* record for 1; /),
  );
});

Deno.test({
  name: "readLayerArray() and readLayerRecord() say missing only of what is missing",
  ignore: Deno.build.os === "windows", // links take a right of their own there
  fn: async () => {
    using directory = new TemporaryDirectory();
    await writeLayerResult(directory.path, layerResult());
    const record = await readLayerRecord(directory.path, 6);
    const path = (file: string) => `${directory.path}/layer06_${file}`;
    for (const file of ["consistency.npy", "analysis.json"]) {
      Deno.removeSync(path(file));
      Deno.symlinkSync(path(file), path(file));
    }
    await assert.rejects(
      readLayerArray(directory.path, record, "consistency"),
      inputError(`${path("consistency.npy")} cannot be read: its links lead in a circle`),
    );
    await assert.rejects(
      readLayerRecord(directory.path, 6),
      inputError(`${path("analysis.json")} cannot be read: its links lead in a circle`),
    );
  },
});
