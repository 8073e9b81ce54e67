/**
 * Reduces activations that are computed on the CPU, as backends do with theirs.
 *
 * @module
 */
import { activationThreshold } from "../../stats/activation_threshold.ts";
import type { FeatureRange } from "../feature_rows.ts";
import { COLUMN_BYTES, columnRuns } from "./columns.ts";
import type { EncodeInput } from "./encoder.ts";
import type { KeptFeatures } from "./feature_groups.ts";
import { type QuestionTile, tileQuestions } from "./question_tiles.ts";
import {
  addTile,
  emptyReductions,
  type Reduction,
  type Reductions,
  reductionsOf,
} from "./reductions.ts";

/** Questions that are reduced together, as in ONNX Runtime's encoder. */
const TILE_QUESTIONS = 256;
/** How many arrays as large as the activations their maker holds at a time, at most. */
const ARRAYS = 4;

/** The activations of some features: `[range.count, questions]`, those of the first feature first. */
export type ComputeColumns = (range: FeatureRange) => Promise<Float32Array<ArrayBuffer>>;

/**
 * Reduces activations run after run of features, keeps those that are asked for, and hands all over
 * to whoever wants to see them.
 *
 * @param compute Computes those of a run; runs come in order.
 */
export async function reduceColumns(
  input: EncodeInput,
  kept: KeptFeatures,
  compute: ComputeColumns,
): Promise<{ reductions: Reductions; keptActivations: Float32Array<ArrayBuffer> }> {
  const { hidden: { count: questions }, sae: { featureCount }, threshold, also, columns } = input;
  const reductions = emptyReductions(input, featureCount, also);
  const keptActivations = new Float32Array(questions * kept.count);
  const tiles = tileQuestions(input, TILE_QUESTIONS);
  const bytes = (input.columnBytes ?? COLUMN_BYTES) / ARRAYS;
  for (const range of columnRuns(featureCount, questions, bytes)) {
    const values = await compute(range);
    for (const tile of tiles) {
      const found = reduceTile(values, { tile, questions, range, threshold }, reductionsOf(also));
      addTile(reductions, { ...tile, firstFeature: range.first }, (name) => found.get(name));
    }
    for (let place = 0; place < kept.count; place++) {
      const column = kept.feature(place) - range.first;
      if (column < 0 || column >= range.count) continue;
      for (let question = 0; question < questions; question++) {
        keptActivations[question * kept.count + place] = values[column * questions + question]!;
      }
    }
    await columns?.({ ...range, questions, values });
  }
  return { reductions, keptActivations };
}

/** How a reduction takes one activation after the other, of question `at` of a tile. */
interface Step {
  first: number;
  next: (result: number, z: number, at: number, tile: Float32Array) => number;
}

const STEPS: Readonly<Record<Reduction, (threshold: number) => Step>> = {
  sums: () => ({ first: 0, next: (sum, z) => sum + z }),
  squares: () => ({ first: 0, next: (sum, z) => sum + z * z }),
  maxima: () => ({ first: -Infinity, next: (most, z) => Math.max(most, z) }),
  minima: () => ({ first: Infinity, next: (least, z) => Math.min(least, z) }),
  counts: (threshold) => {
    const border = activationThreshold(threshold);
    return { first: 0, next: (count, z) => count + Number(z > border) };
  },
  maximaAt: () => ({ first: 0, next: (best, z, at, tile) => z > tile[best]! ? at : best }),
  minimaAt: () => ({ first: 0, next: (best, z, at, tile) => z < tile[best]! ? at : best }),
};

/** What a tile of questions comes to, a number for each feature of the run. */
function reduceTile(
  values: Float32Array,
  { tile: { first, count }, questions, range, threshold }: {
    tile: QuestionTile;
    questions: number;
    range: FeatureRange;
    threshold: number;
  },
  names: readonly Reduction[],
): Map<Reduction, Float32Array> {
  return new Map(names.map((name) => {
    const step = STEPS[name](threshold);
    const reduced = new Float32Array(range.count);
    for (let feature = 0; feature < range.count; feature++) {
      const start = feature * questions + first;
      const own = values.subarray(start, start + count);
      let result = step.first;
      for (let at = 0; at < count; at++) result = step.next(result, own[at]!, at, own);
      reduced[feature] = result;
    }
    return [name, reduced];
  }));
}
