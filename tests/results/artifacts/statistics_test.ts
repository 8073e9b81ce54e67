import assert from "node:assert/strict";
import { readLayerArray, readLayerRecord } from "../../../lib/results/layer_result.ts";
import { writeLayerResult } from "../../../lib/results/write_layer.ts";
import {
  statistics,
  type StatisticsFile,
  statisticsFileSchema,
  statisticsOf,
} from "../../../lib/results/artifacts/statistics.ts";
import { writeTable } from "../../../lib/results/table_file.ts";
import type {
  SupervisedStatistics,
  TraditionalStatistics,
} from "../../../lib/stats/activation_statistics.ts";
import { GOLDEN, goldenJson, goldenMatrix, goldenRecord } from "../../support/golden.ts";
import { layerRecord, layerResult, traditionalResult } from "../../support/layer_results.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { manyNames, testSchema } from "../../support/schema_cases.ts";

/**
 * The reference's matrices hold float32 values in float64, so that nothing is lost on the way here;
 * what differs is the order in which NumPy adds up. 166 additions in float64 may differ by 166 times
 * 1.1e-16 of the sum of the magnitudes, which is up to 1000 times the sum.
 */
const TOLERANCE = 1e-10;

for (const layer of GOLDEN.supervised.layers) {
  Deno.test(`statisticsOf() gives the reference's statistics of layer ${layer}`, async () => {
    const record = goldenRecord("supervised", layer);
    const means = await goldenMeans("supervised", layer);
    const actual = statisticsOf({ record, means }) as Record<string, SupervisedStatistics>;
    const golden = goldenJson("supervised", layer, "statistics") as typeof actual;
    assert.deepEqual(Object.keys(actual), Object.keys(golden));
    for (const [key, expected] of Object.entries(golden)) {
      const { free_features_mean, free_features_std, other_slots_mean, ...exact } = actual[key]!;
      assertClose(free_features_mean, expected.free_features_mean);
      assertClose(free_features_std, expected.free_features_std);
      assertClose(other_slots_mean!, expected.other_slots_mean!);
      assert.deepEqual({ ...expected, ...exact }, expected);
    }
  });
}

for (const layer of GOLDEN.traditional.layers) {
  Deno.test(`statisticsOf() gives the reference's statistics of traditional layer ${layer}`, async () => {
    const record = goldenRecord("traditional", layer);
    const means = await goldenMeans("traditional", layer);
    const actual = statisticsOf({ record, means }) as Record<string, TraditionalStatistics>;
    const golden = goldenJson("traditional", layer, "statistics") as typeof actual;
    assert.deepEqual(Object.keys(actual), Object.keys(golden));
    for (const [key, expected] of Object.entries(golden)) {
      assertClose(actual[key]!.all_features_mean, expected.all_features_mean);
      assertClose(actual[key]!.all_features_std, expected.all_features_std);
      assert.equal(actual[key]!.all_features_max, expected.all_features_max);
      assertSameTop(actual[key]!.top_100_features, expected.top_100_features);
    }
  });
}

Deno.test("statisticsOf() finds the slots of relations that are a part of all", () => {
  const relations = layerRecord().relations.slice(1);
  const means = Float32Array.of(-1, 0.25, 0, /* slots */ 1, 2);
  const file = statisticsOf({ record: layerRecord({ relations }), means });
  assert.deepEqual(Object.keys(file), ["birth_city"]);
  const ofCity = file["birth_city"] as SupervisedStatistics;
  assert.equal(ofCity.target_slot_activation, 2);
  assert.equal(ofCity.other_slots_mean, 1);
});

Deno.test("statisticsOf() of a layer without other slots has no mean of them", () => {
  const relations = layerRecord().relations.slice(0, 1);
  const record = layerRecord({ relations, slotCount: 1 });
  const file = statisticsOf({ record, means: Float32Array.of(1, 3, 2, /* slot */ 4) });
  assert.equal((file["birth_date"] as SupervisedStatistics).other_slots_mean, null);
});

Deno.test("writeTable() of the statistics writes what its schema accepts, and says where", async () => {
  using directory = new TemporaryDirectory();
  for (const result of [layerResult(), traditionalResult({ layer: 7 })]) {
    const [path] = await writeTable(directory.path, statistics, result);
    assert.equal(path, `${directory.path}/layer0${result.record.layer}_statistics.json`);
    const written: StatisticsFile = JSON.parse(Deno.readTextFileSync(path!));
    assert.deepEqual(statisticsFileSchema.parse(written), statisticsOf(result));
  }
});

Deno.test("writeTable() of the statistics writes the same bytes from memory and from disk", async () => {
  using directory = new TemporaryDirectory();
  // Numbers with many digits, and -0, which JSON.stringify() writes as 0.
  const result = { ...layerResult(), means: new Float32Array(10).fill(0.1) };
  result.means.set([1 / 3, -0, -1e-20], 2);
  await writeLayerResult(directory.path, result);
  const [path] = await writeTable(directory.path, statistics, result);
  const fromMemory = Deno.readTextFileSync(path!);
  const record = await readLayerRecord(directory.path, 6);
  const means = await readLayerArray(directory.path, record, "means");
  await writeTable(directory.path, statistics, { record, means });
  assert.equal(Deno.readTextFileSync(path!), fromMemory);
});

async function goldenMeans(kind: keyof typeof GOLDEN, layer: number) {
  const matrix = await goldenMatrix(kind, layer, "golden/activation_matrix");
  const means = Float32Array.from(matrix);
  assert.deepEqual(Float64Array.from(means), matrix, "float32 values in float64");
  return means;
}

function assertClose(actual: number, expected: number): void {
  const difference = Math.abs(actual - expected) / Math.abs(expected);
  assert(difference <= TOLERANCE, `${actual} is not ${expected}`);
}

type Top = TraditionalStatistics["top_100_features"];

/** Features that are never active are equal at 0, and the reference leaves their order open. */
function assertSameTop(actual: Top, expected: Top): void {
  assert.deepEqual(actual.values, expected.values);
  const active = expected.values.filter((value) => value > 0).length;
  assert.deepEqual(actual.indices.slice(0, active), expected.indices.slice(0, active));
  const inactive = actual.indices.slice(active);
  assert.deepEqual(inactive, inactive.toSorted((a, b) => a - b));
}

testSchema("the statistics", { schema: statisticsFileSchema, value: statisticsOf(layerResult()) }, [
  [
    "more features than the strongest hundred",
    (file) => file.birth_date.top_100_features.indices = Array(101).fill(1),
  ],
  ["thousands of slots", (file) => {
    file.birth_date.relation_slots = Array(1001).fill(0.5);
  }],
  ["thousands of relations", (file) => {
    Object.assign(file, manyNames(file.birth_date));
  }],
  ["a mean that is null", (file) => file.birth_date.free_features_mean = null],
  ["a missing field", (file) => delete file.birth_city.free_features_std],
  ["an unknown field", (file) => file.birth_city.median = 1],
  ["slots that are no list", (file) => file.birth_city.relation_slots = 1],
  ["a fractional index", (file) => file.birth_date.top_100_features.indices[0] = 0.5],
  ["a list", (file) => file.birth_date = []],
]);

testSchema("a traditional SAE's statistics", {
  schema: statisticsFileSchema,
  value: statisticsOf(traditionalResult()),
}, [
  ["slots", (file) => file.birth_date.relation_slots = [1]],
  ["a missing field", (file) => delete file.birth_date.all_features_max],
]);

Deno.test("the schema of the statistics accepts the reference's files", () => {
  for (const kind of ["supervised", "traditional"] as const) {
    for (const layer of GOLDEN[kind].layers) {
      statisticsFileSchema.parse(goldenJson(kind, layer, "statistics"));
    }
  }
});
