/**
 * The reference's own outputs: `tests/fixtures/reference/golden` (float32, by the reference) and
 * `golden64` (float64, by an independent computation).
 */
import assert from "node:assert/strict";
import type { AnalysisOptions } from "../../lib/analysis/plan/plan.ts";
import { commonFeaturesOf } from "../../lib/results/artifacts/common_features.ts";
import { statisticsOf } from "../../lib/results/artifacts/statistics.ts";
import type { LayerName } from "../../lib/results/layer_name.ts";
import type { LayerResult } from "../../lib/results/layer_result.ts";
import { readNpy } from "../../lib/results/npy_file.ts";
import { REFERENCE } from "./fixtures.ts";

/** Means may differ by this fraction of the largest magnitude in their row: float32 rounding. */
const TOLERANCE = 1e-5;

/** The kinds of SAEs, where they lie, and the layers that have some. */
export const KINDS = {
  supervised: { saes: "sae", layers: [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11] },
  traditional: { saes: "sae_traditional", layers: [0, 6] },
} as const;

/** A kind of SAE. */
export type SaeKind = keyof typeof KINDS;

/** The options of the analysis that the reference made. */
export function referenceOptions(kind: SaeKind, layers: readonly number[]): AnalysisOptions {
  return {
    lmModel: `${REFERENCE}/lm`,
    saeDirectory: `${REFERENCE}/${KINDS[kind].saes}`,
    questionFile: `${REFERENCE}/qa/qa_test_id.jsonl`,
    layers,
    samplesPerRelation: 30,
    threshold: 0.1,
  };
}

/**
 * Holds the numbers of layers against the reference's.
 *
 * @param where Where they were computed, for the log.
 */
export async function compareWithReference(
  results: readonly LayerResult[],
  kind: SaeKind,
  where: string,
): Promise<void> {
  let worst = 0;
  for (const result of results) {
    worst = Math.max(worst, await meanError(result, kind));
    await compareConsistency(result, kind);
    await compareStatistics(result, kind);
    if (kind === "supervised") await compareCommonFeatures(result);
  }
  console.log(`${where}, ${kind}: means differ from float64 by ${worst.toExponential(1)}`);
  assert(worst < TOLERANCE);
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
