/**
 * The whole analysis against the reference's own outputs, on every backend: the numbers are those
 * of `tests/fixtures/reference/golden` (float32, by the reference) and `golden64` (float64, by an
 * independent computation).
 */
import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { type AnalysisOptions, planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { type DeviceRequest, openDevice } from "../../lib/compute/device.ts";
import { commonFeaturesOf } from "../../lib/results/artifacts/common_features.ts";
import type { LayerResult } from "../../lib/results/layer_result.ts";
import { readNpy } from "../../lib/results/npy_file.ts";
import { statisticsOf } from "../../lib/results/artifacts/statistics.ts";
import type { LayerName } from "../../lib/results/layer_name.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { expectsGpu } from "../support/gpu.ts";
import { openScratchFiles } from "../support/scratch_files.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** Means may differ by this fraction of the largest magnitude in their row: float32 rounding. */
const TOLERANCE = 1e-5;

const KINDS = {
  supervised: { saes: "sae", layers: [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11] },
  traditional: { saes: "sae_traditional", layers: [0, 6] },
} as const;

type Kind = keyof typeof KINDS;

/**
 * On a GPU made of software the language model is slow: it runs to the end for supervised SAEs; SAEs
 * of the other kind are encoded at the first layer, which needs no block.
 */
function layersOn(device: DeviceRequest, kind: Kind): readonly number[] {
  return device === "gpu" && kind === "traditional" ? [0] : KINDS[kind].layers;
}

function optionsOf(kind: Kind, layers: readonly number[]): AnalysisOptions {
  return {
    lmModel: `${REFERENCE}/lm`,
    saeDirectory: `${REFERENCE}/${KINDS[kind].saes}`,
    questionFile: `${REFERENCE}/qa/qa_test_id.jsonl`,
    layers,
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
        const results = await analyzeAll(device, kind);
        assert.deepEqual(results.map(({ record }) => record.layer), layersOn(device, kind));
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
    name: `analyzeLayers() gives the same bytes twice on ${device}, also of some of the layers`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      assert.deepEqual(await analyze(device, "supervised", SOME), await someOfAll(device));
    },
  });
}

Deno.test("analyzeLayers() gives the same bytes when the hidden states lie in a file", async () => {
  using directory = new TemporaryDirectory();
  const run = { scratchDirectory: directory.path, maxStateBytes: 0 };
  const plan = await planAnalysis(optionsOf("supervised", SOME));
  using opened = await openDevice("cpu");
  const results: LayerResult[] = [];
  for await (const result of analyzeLayers(plan, opened, run)) {
    assert.equal(openScratchFiles(directory.path) ?? 1, 1, "there is no file");
    results.push(result);
  }
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
  assert.deepEqual(results, await someOfAll("cpu"));
});

/** The first layer, one in between and the last: what is analysed again. */
const SOME = [0, 5, 11];

/** All layers, analysed once for all tests: that takes a software GPU 15 seconds. */
const analyzed = new Map<string, Promise<LayerResult[]>>();

function analyzeAll(device: DeviceRequest, kind: Kind): Promise<LayerResult[]> {
  const key = `${device} ${kind}`;
  if (!analyzed.has(key)) analyzed.set(key, analyze(device, kind, layersOn(device, kind)));
  return analyzed.get(key)!;
}

/** What was found of some layers when all were analysed; which were asked for is the one difference. */
async function someOfAll(device: DeviceRequest): Promise<LayerResult[]> {
  const all = structuredClone(await analyzeAll(device, "supervised"));
  const some = all.filter(({ record: { layer } }) => SOME.includes(layer as number));
  for (const { record: { provenance: { options } } } of some) options.layers = SOME.join(",");
  return some;
}

async function analyze(
  device: DeviceRequest,
  kind: Kind,
  layers: readonly number[],
): Promise<LayerResult[]> {
  const plan = await planAnalysis(optionsOf(kind, layers));
  using opened = await openDevice(device);
  return await Array.fromAsync(analyzeLayers(plan, opened));
}

function golden(folder: string, kind: string, layer: LayerName, file: string): string {
  return `${REFERENCE}/${folder}/${kind}/layer${String(layer).padStart(2, "0")}_${file}`;
}

function shapeOf({ record }: LayerResult): number[] {
  return [record.relations.length, record.freeCount + record.slotCount];
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
  const expected: Record<string, Statistics> = JSON.parse(await Deno.readTextFile(path));
  const actual = statisticsOf(result) as unknown as Record<string, Statistics>;
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  const [, columns] = shapeOf(result) as [number, number];
  Object.keys(expected).forEach((key, row) => {
    const means = result.means.subarray(row * columns, (row + 1) * columns);
    const scale = means.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    compareRelation(actual[key]!, expected[key]!, scale, `${path}: ${key}`);
  });
}

async function compareCommonFeatures(result: LayerResult): Promise<void> {
  const path = golden("golden", "supervised", result.record.layer, "common_features.json");
  assert.deepEqual(commonFeaturesOf(result), JSON.parse(await Deno.readTextFile(path)));
}

/** What stands in a statistics file for a relation, whatever the kind of SAE. */
interface Statistics {
  [statistic: string]: unknown;
  top_100_features: { indices: number[]; values: number[] };
}

/**
 * The mean of a single feature may cancel to nearly nothing, so that it is held to its row's
 * largest magnitude, as in the activation matrix; all other statistics are held to 1e-5 relative.
 */
const SINGLE_MEANS = ["relation_slots", "target_slot_activation"];

/**
 * The mean over the free features of a linear SAE cancels by a factor of up to 10⁴, so that no
 * float32 computation keeps it to 1e-5 relative: the reference's own is up to 2.1e-5 off the
 * float64 one. It is held to the precision of its terms, far closer than a fraction of their size.
 */
const CANCELLING = "free_features_mean";
const FLOAT32_PRECISION = 2 ** -23;

function compareRelation(
  { top_100_features: top, ...actual }: Statistics,
  { top_100_features: expectedTop, ...expected }: Statistics,
  scale: number,
  where: string,
): void {
  assert.deepEqual(Object.keys(actual), Object.keys(expected), where);
  for (const [key, value] of Object.entries(expected)) {
    const [found, wanted] = [actual[key], value].map((each) => [each].flat() as number[]);
    const allowed = SINGLE_MEANS.includes(key)
      ? TOLERANCE * scale
      : key === CANCELLING
      ? FLOAT32_PRECISION * scale
      : TOLERANCE * Math.abs(value as number);
    assertClose(found!, wanted!, allowed, `${where}: ${key}`);
  }
  assertSameTop(top, expectedTop, scale, where);
}

function assertClose(
  actual: readonly number[],
  expected: readonly number[],
  allowed: number,
  where: string,
): void {
  assert.equal(actual.length, expected.length, where);
  expected.forEach((value, i) => {
    const isClose = Math.abs(actual[i]! - value) <= allowed;
    assert(isClose, `${where}: ${actual[i]}, not ${value}`);
  });
}

/**
 * The same ranking. Features that are never active tie at 0: the reference leaves their order
 * open, coact puts the lower index first. No two other means are within 2e-5 of each other.
 */
function assertSameTop(
  { indices: actualIndices, values: actualValues, ...actualCounts }: Statistics["top_100_features"],
  { indices, values, ...counts }: Statistics["top_100_features"],
  scale: number,
  where: string,
): void {
  assertClose(actualValues, values, TOLERANCE * scale, where);
  assert.deepEqual(actualCounts, counts, where);
  const ranked = values.filter((value) => value !== 0).length;
  assert.deepEqual(actualIndices.slice(0, ranked), indices.slice(0, ranked), where);
  const tied = actualIndices.slice(ranked);
  assert.deepEqual(tied, tied.toSorted((a, b) => a - b), where);
}
