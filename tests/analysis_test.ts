/**
 * The whole analysis against the reference's own outputs, on every backend: the numbers are those
 * of `tests/fixtures/reference/golden` (float32, by the reference) and `golden64` (float64, by an
 * independent computation).
 */
import assert from "node:assert/strict";
import { analyzeLayers } from "../lib/analysis.ts";
import { type AnalysisOptions, planAnalysis } from "../lib/analysis_plan.ts";
import { type DeviceRequest, openDevice } from "../lib/compute/device.ts";
import { commonFeaturesOf } from "../lib/results/common_features_file.ts";
import type { LayerResult } from "../lib/results/layer_result.ts";
import { readNpy } from "../lib/results/npy_file.ts";
import { statisticsOf } from "../lib/results/statistics_file.ts";
import { REFERENCE } from "./support/fixtures.ts";
import { expectsGpu } from "./support/gpu.ts";

/** Means may differ by this fraction of the largest magnitude in their row: float32 rounding. */
const TOLERANCE = 1e-5;

const KINDS = {
  supervised: { saes: "sae", layers: [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11] },
  traditional: { saes: "sae_traditional", layers: [0, 6] },
} as const;

function optionsOf(kind: keyof typeof KINDS): AnalysisOptions {
  return {
    lmModel: `${REFERENCE}/lm`,
    saeDirectory: `${REFERENCE}/${KINDS[kind].saes}`,
    questionFile: `${REFERENCE}/qa/qa_test_id.jsonl`,
    layers: KINDS[kind].layers,
    samplesPerRelation: 30,
    threshold: 0.1,
  };
}

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const kind of ["supervised", "traditional"] as const) {
    Deno.test({
      name: `analyzeLayers() gives the reference's numbers on ${device}, ${kind} SAEs`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        const results = await analyze(device, kind);
        assert.deepEqual(results.map(({ record }) => record.layer), KINDS[kind].layers);
        let worst = 0;
        for (const result of results) {
          worst = Math.max(worst, await meanError(result, kind));
          await compareConsistency(result, kind);
          await compareStatistics(result, kind);
          if (kind === "supervised") await compareCommonFeatures(result);
        }
        console.log(`${device}, ${kind}: means differ from float64 by ${worst.toExponential(1)}`);
        assert(worst < TOLERANCE);
      },
    });
  }
}

for (const device of ["cpu", "wasm", "gpu"] as const) {
  Deno.test({
    name: `analyzeLayers() gives the same bytes twice on ${device}`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      const [once, again] = [
        await analyze(device, "supervised"),
        await analyze(device, "supervised"),
      ];
      assert.deepEqual(once, again);
    },
  });
}

async function analyze(device: DeviceRequest, kind: keyof typeof KINDS): Promise<LayerResult[]> {
  const plan = await planAnalysis(optionsOf(kind));
  using opened = await openDevice(device);
  return await Array.fromAsync(analyzeLayers(plan, opened));
}

function golden(folder: string, kind: string, layer: number, file: string): string {
  return `${REFERENCE}/${folder}/${kind}/layer${String(layer).padStart(2, "0")}_${file}`;
}

function shapeOf({ record }: LayerResult): number[] {
  return [record.relations.length, record.n_free + record.n_relation];
}

/** The largest difference of a mean from float64, as a fraction of its row's largest magnitude. */
async function meanError(result: LayerResult, kind: string): Promise<number> {
  const { record: { layer }, means } = result;
  const [rows, columns] = shapeOf(result) as [number, number];
  const exact = await readNpy(golden("golden64", kind, layer, "mean.npy"), "f8", [rows, columns]);
  let worst = 0;
  for (let row = 0; row < rows; row++) {
    const expected = exact.subarray(row * columns, (row + 1) * columns);
    const scale = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    expected.forEach((value, column) => {
      worst = Math.max(worst, Math.abs(means[row * columns + column]! - value) / scale);
    });
  }
  return worst;
}

/** Exactly: the fixture has no activation within 4e-4 of the threshold. */
async function compareConsistency(result: LayerResult, kind: string): Promise<void> {
  const path = golden("golden64", kind, result.record.layer, "consistency.npy");
  assert.deepEqual(result.consistency, await readNpy(path, "f8", shapeOf(result)));
}

async function compareStatistics(result: LayerResult, kind: string): Promise<void> {
  const path = golden("golden", kind, result.record.layer, "statistics.json");
  assertClose(statisticsOf(result), JSON.parse(await Deno.readTextFile(path)), path);
}

async function compareCommonFeatures(result: LayerResult): Promise<void> {
  const path = golden("golden", "supervised", result.record.layer, "common_features.json");
  assert.deepEqual(commonFeaturesOf(result), JSON.parse(await Deno.readTextFile(path)));
}

/**
 * The same keys; whole numbers (counts, indices) equal; other numbers within 1e-5 relative. Means
 * that cancel to nearly nothing are held to the float32 rounding of their terms: the reference
 * itself is off by up to 1e-6 here, and we may be as well.
 */
function assertClose(actual: unknown, expected: unknown, where: string): void {
  if (typeof expected === "number" && !Number.isInteger(expected)) {
    assert.equal(typeof actual, "number", where);
    const allowed = TOLERANCE * Math.abs(expected) + 2e-6;
    assert(
      Math.abs(actual as number - expected) <= allowed,
      `${where}: ${actual}, not ${expected}`,
    );
  } else if (isTopFeatures(expected)) {
    assertSameTop(actual as TopFeatures, expected, where);
  } else if (typeof expected === "object" && expected !== null) {
    assert.deepEqual(Object.keys(actual as object), Object.keys(expected), where);
    for (const [key, value] of Object.entries(expected)) {
      assertClose((actual as Record<string, unknown>)[key], value, `${where}: ${key}`);
    }
  } else {
    assert.equal(actual, expected, where);
  }
}

interface TopFeatures {
  indices: number[];
  values: number[];
}

function isTopFeatures(value: unknown): value is TopFeatures {
  return typeof value === "object" && value !== null && "indices" in value;
}

/**
 * The same ranking. Features that are never active tie at 0: the reference leaves their order
 * open, coact puts the lower index first. No two other means are within 2e-5 of each other.
 */
function assertSameTop(actual: TopFeatures, expected: TopFeatures, where: string): void {
  const { indices, values, ...counts } = expected;
  assertClose(actual.values, values, where);
  const ranked = values.filter((value) => value !== 0).length;
  assert.deepEqual(actual.indices.slice(0, ranked), indices.slice(0, ranked), where);
  const tied = actual.indices.slice(ranked);
  assert.deepEqual(tied, tied.toSorted((a, b) => a - b), where);
  for (const [key, count] of Object.entries(counts)) {
    assert.equal(actual[key as keyof TopFeatures], count, `${where}: ${key}`);
  }
}
