/**
 * Encodes several states a question and pools the features: an SAE is not linear, so that the mean of
 * the features is not the feature of the mean.
 *
 * @module
 */
import type { Rows } from "../../files/rows.ts";
import type { Encoded, EncodeInput } from "./encoder.ts";
import { columnRuns } from "./columns.ts";
import { type FeaturePooling, POOLED_HERE, type PoolWork } from "./pool_task.ts";
import { emptyReductions } from "./reductions.ts";

/** Features are pooled by so many numbers at a time. */
const MOST = 2 ** 22;

/** States of which each question has several. */
export interface PooledInput extends EncodeInput {
  /** How many states each question has, at least one; those of one question are neighbours. */
  readonly stateCounts: readonly number[];
  /** How they are pooled: `any` is 1 where a feature is above 0 at some state, and 0 elsewhere. */
  readonly pooling: FeaturePooling;
  /** How many numbers are kept of the features of questions at a time. Default: 4 Mi. */
  readonly most?: number;
}

/**
 * Encodes states and pools the features of each question. What is reduced is the pooled features; each
 * question is a group of states to the backend. Some questions are pooled while the next are encoded.
 *
 * @param encode Encodes states in groups, and reduces each.
 * @param work Who pools. Default: whoever asks.
 * @throws {Error} If a thread has died.
 */
export async function encodePooled(
  { hidden, groupSizes, sae, threshold, stateCounts, pooling, columns, most = MOST }: PooledInput,
  encode: (input: EncodeInput) => Promise<Encoded>,
  work: PoolWork = POOLED_HERE,
): Promise<Encoded> {
  const { featureCount } = sae;
  const targets = sae.targets.map(({ feature }) => feature);
  const questions = stateCounts.length;
  let reductions = emptyReductions({ groupSizes }, featureCount);
  const keptActivations = new Float32Array(questions * targets.length);
  // Whoever wants columns wants all questions of each: they wait here.
  const all = columns && new Float32Array(featureCount * questions);
  const groupOf = groupSizes.flatMap((size, group) => Array<number>(size).fill(group));
  const atOnce = Math.max(1, Math.floor(most / featureCount));
  const pool = async (encoded: Encoded, first: number, counts: readonly number[]) => {
    const { sums, maxima, counts: above } = encoded.reductions;
    const part = await work.pool({
      values: pooling === "mean" ? sums : pooling === "max" ? maxima : above,
      pooling,
      stateCounts: counts,
      groups: groupOf.slice(first, first + counts.length),
      first,
      threshold,
      targets,
      wantsColumns: all !== undefined,
      reductions,
    });
    reductions = part.reductions;
    keptActivations.set(part.kept, first * targets.length);
    if (all === undefined) return;
    for (let feature = 0; feature < featureCount; feature++) {
      const at = feature * counts.length;
      const own = part.columns!.subarray(at, at + counts.length);
      all.set(own, feature * questions + first);
    }
  };
  let row = 0;
  let before: Promise<void> = Promise.resolve();
  for (let first = 0; first < questions; first += atOnce) {
    const counts = stateCounts.slice(first, first + atOnce);
    const states = counts.reduce((sum, count) => sum + count, 0);
    const some = part(hidden, row, states);
    const encoded = await encode({ hidden: some, groupSizes: counts, sae, threshold: 0 });
    row += states;
    await before;
    before = pool(encoded, first, counts);
    before.catch(() => {}); // it is thrown when it is awaited
  }
  await before;
  if (columns && all) {
    for (const { first, count } of columnRuns(featureCount, questions)) {
      const values = all.slice(first * questions, (first + count) * questions);
      await columns({ first, count, questions, values });
    }
  }
  return { reductions, keptActivations };
}

/** Rows `first` up to `first + count` of others. */
function part(rows: Rows, first: number, count: number): Rows {
  return { count, width: rows.width, read: (start, some) => rows.read(first + start, some) };
}
