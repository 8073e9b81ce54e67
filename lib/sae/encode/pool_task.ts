/**
 * What is made of the features of some questions' states, as a thread beside the one that encodes can do
 * it: they are pooled and reduced. It is handed numbers, and no function.
 *
 * @module
 */
import { activationThreshold } from "../../stats/activation_threshold.ts";
import { addTile, type Reductions } from "./reductions.ts";

/** How the features of a question's states become one of the question. */
export type FeaturePooling = "mean" | "max" | "any";

/** What the states of each question were reduced to, and what is to be made of it. */
export interface PoolTask {
  /**
   * `[questions, features]`: to be pooled by the mean, the sums; by the greatest, the maxima; of `any`,
   * how many are above 0.
   */
  readonly values: Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  /** How they are pooled. */
  readonly pooling: FeaturePooling;
  /** How many states each question has. */
  readonly stateCounts: readonly number[];
  /** The group of each question. */
  readonly groups: readonly number[];
  /** The number of the first question. */
  readonly first: number;
  /** What is above it is counted. */
  readonly threshold: number;
  /** The features that are kept for each question. */
  readonly targets: readonly number[];
  /** Whether all are wanted, feature after feature. */
  readonly wantsColumns: boolean;
  /** What the questions before were reduced to: these are added in place. */
  readonly reductions: Reductions;
}

/** What came of some questions. */
export interface PooledPart {
  /** The reductions of the task, with these questions. */
  readonly reductions: Reductions;
  /** The features that are kept, `[questions, targets]`. */
  readonly kept: Float32Array<ArrayBuffer>;
  /** All features, `[features, questions]`, if they were wanted. */
  readonly columns?: Float32Array<ArrayBuffer> | undefined;
}

/** Who pools. */
export interface PoolWork {
  /** Pools some questions; the arrays of the task are handed over. */
  pool(task: PoolTask): Promise<PooledPart>;
}

/** The work, done by whoever asks. */
export const POOLED_HERE: PoolWork = { pool: (task) => Promise.resolve(poolPart(task)) };

/** Pools some questions. */
export function poolPart(task: PoolTask): PooledPart {
  const { values, stateCounts, groups, first, targets, reductions } = task;
  const threshold = activationThreshold(task.threshold);
  const { featureCount } = reductions;
  const count = stateCounts.length;
  const kept = new Float32Array(count * targets.length);
  const columns = task.wantsColumns ? new Float32Array(featureCount * count) : undefined;
  const pooled = new Float32Array(featureCount); // float32, as an activation is
  const isAbove = new Float32Array(featureCount);
  for (let i = 0; i < count; i++) {
    const row = values.subarray(i * featureCount, (i + 1) * featureCount);
    pool(row, pooled, task.pooling, stateCounts[i]!);
    for (let feature = 0; feature < featureCount; feature++) {
      isAbove[feature] = pooled[feature]! > threshold ? 1 : 0;
    }
    const place = { segment: groups[i]!, first: first + i, firstFeature: 0 };
    addTile(reductions, place, (name) => name === "counts" ? isAbove : pooled);
    for (let target = 0; target < targets.length; target++) {
      kept[i * targets.length + target] = pooled[targets[target]!]!;
    }
    if (columns === undefined) continue;
    for (let feature = 0; feature < featureCount; feature++) {
      columns[feature * count + i] = pooled[feature]!;
    }
  }
  return { reductions, kept, columns };
}

function pool(
  row: PoolTask["values"],
  pooled: Float32Array,
  pooling: FeaturePooling,
  states: number,
): void {
  if (pooling === "max") return pooled.set(row);
  for (let feature = 0; feature < row.length; feature++) {
    const value = row[feature]!;
    pooled[feature] = pooling === "mean" ? value / states : value > 0 ? 1 : 0;
  }
}

/** The arrays of reductions, to be handed over. */
export function arraysOf({ sums, maxima, counts, ...others }: Reductions): ArrayBuffer[] {
  const { squares, minima, maximaAt, minimaAt } = others;
  return [sums, maxima, counts, squares, minima, maximaAt, minimaAt]
    .flatMap((array) => array === undefined ? [] : [array.buffer]);
}
