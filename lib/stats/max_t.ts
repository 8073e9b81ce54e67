/**
 * How large the largest of many rank sums gets if the groups' names mean nothing within a person.
 *
 * Westfall and Young, "Resampling-Based Multiple Testing" (1993): max-T.
 *
 * @module
 */
import { lowerBound } from "./benjamini_hochberg.ts";
import type { PersonBlocks } from "./person_blocks.ts";
import { SeededRandom } from "./seeded_random.ts";

/** What permuting the groups' names shows. */
export interface MaxT {
  /** Each feature's x²/σ² for each group, `[features, groups]`; 0 where nothing varies. */
  readonly squares: Float64Array<ArrayBuffer>;
  /** In how many arrangements the largest of all is at least as large, `[features, groups]`. */
  readonly reached: Float64Array<ArrayBuffer>;
  /** The largest of all, in each arrangement. */
  readonly largest: Float64Array<ArrayBuffer>;
}

/**
 * Compares each feature's squared score with the largest over all features and groups in arrangements
 * of the groups' names within persons. p is (reached + 1)/(arrangements + 1) of random arrangements,
 * and reached/arrangements of all that there are.
 *
 * @param scores The block scores of each feature; leave out features that few persons have active.
 * @param blocks Which questions belong together.
 * @param arrangements The group of each block, again and again: {@linkcode permutedGroups}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { blockScores, maxT, permutedGroups, personBlocks } from "@coact/coact";
 *
 * const blocks = personBlocks([0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 2, 2]);
 * const scores = [blockScores([0.9, 0.1, 0.8, 0.4, 0.7, 0.5], blocks)];
 * const arrangements = permutedGroups(blocks, { permutations: 99, seed: 1 });
 * const { squares, reached } = maxT(scores, blocks, arrangements);
 * assert.equal(squares[0]?.toFixed(3), "2.314");
 * assert(reached[0]! > 0); // 2 of the 8 arrangements are as extreme
 * ```
 */
export function maxT(
  scores: readonly Float64Array[],
  blocks: PersonBlocks,
  arrangements: Iterable<Int32Array>,
): MaxT {
  const groups = blocks.groupCount;
  const features = scores.map((each) => scaledFeature(each, blocks));
  const squares = new Float64Array(scores.length * groups);
  features.forEach((feature, f) =>
    squares.set(squaresOf(feature, blocks.groupOf, groups), f * groups)
  );
  const largest: number[] = [];
  for (const groupOf of arrangements) {
    let most = 0;
    for (const feature of features) {
      for (const square of squaresOf(feature, groupOf, groups)) most = Math.max(most, square);
    }
    largest.push(most);
  }
  const sorted = Float64Array.from(largest).sort();
  const reached = squares.map((square) => sorted.length - lowerBound(sorted, square));
  return { squares, reached, largest: Float64Array.from(largest) };
}

/**
 * The groups of the blocks in random arrangements: those of each person in another order.
 *
 * @param options How many arrangements, and a seed: with it, they are the same again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { permutedGroups, personBlocks } from "@coact/coact";
 *
 * const blocks = personBlocks([0, 1, 2], [0, 0, 1]);
 * const [first] = permutedGroups(blocks, { permutations: 1, seed: 1 });
 * assert.equal(first?.[2], 2); // a person with one block keeps it
 * ```
 */
export function* permutedGroups(
  { groupOf, starts }: PersonBlocks,
  { permutations, seed }: { permutations: number; seed: number },
): Generator<Int32Array> {
  const random = new SeededRandom(seed);
  for (let i = 0; i < permutations; i++) {
    const permuted = groupOf.slice();
    for (let person = 0; person + 1 < starts.length; person++) {
      random.shuffle(permuted, starts[person]!, starts[person + 1]!);
    }
    yield permuted;
  }
}

/**
 * A feature's scores, times a whole number that makes the persons' means whole if the products are whole floats
 * then; and what is known of each group's sum. Sums that are equal are equal to the last bit.
 */
interface ScaledFeature {
  readonly scores: Float64Array;
  /** The mean of each group's sum, rounded to a whole number. Which persons a group has never changes. */
  readonly means: Float64Array;
  /** What rounding took from it. */
  readonly rests: Float64Array;
  /** The variance of each group's sum. */
  readonly variances: Float64Array;
}

function scaledFeature(scores: Float64Array, blocks: PersonBlocks): ScaledFeature {
  const { groupOf, starts, groupCount } = blocks;
  let scale = 1;
  for (let person = 0; person + 1 < starts.length; person++) {
    scale = leastCommonMultiple(scale, starts[person + 1]! - starts[person]!);
  }
  const size = scores.reduce((sum, score) => sum + Math.abs(score), 0);
  if (scale * size > Number.MAX_SAFE_INTEGER) scale = 1;
  const scaled = scores.map((score) => score * scale);
  const variances = new Float64Array(groupCount);
  // For each group, the sums of persons who have as many blocks: of these the mean is a fraction of the sum.
  const totals = Array.from({ length: groupCount }, () => new Map<number, number>());
  for (let person = 0; person + 1 < starts.length; person++) {
    const [start, end] = [starts[person]!, starts[person + 1]!];
    const count = end - start;
    let sum = 0;
    for (let block = start; block < end; block++) sum += scaled[block]!;
    const mean = sum / count;
    let squares = 0;
    for (let block = start; block < end; block++) squares += (scaled[block]! - mean) ** 2;
    const drawn = new Map<number, number>(); // several of a group where there are no persons
    for (let block = start; block < end; block++) {
      const group = groupOf[block]!;
      drawn.set(group, (drawn.get(group) ?? 0) + 1);
    }
    for (const [group, times] of drawn) {
      const left = count === 1 ? 0 : (count - times) / (count - 1); // none is drawn twice
      variances[group]! += times * left * (squares / count);
      totals[group]!.set(count, (totals[group]!.get(count) ?? 0) + times * sum);
    }
  }
  const means = totals.map(wholeAndRest);
  return {
    scores: scaled,
    means: Float64Array.from(means, ([whole]) => whole),
    rests: Float64Array.from(means, ([, rest]) => rest),
    variances,
  };
}

/** A sum of fractions, from the sum of those of each denominator: rounded to a whole number, and the rest. */
function wholeAndRest(totals: ReadonlyMap<number, number>): [whole: number, rest: number] {
  let [above, below] = [0n, 1n];
  for (const [denominator, total] of totals) {
    const other = BigInt(denominator);
    const common = commonDivisor(below, other);
    above = above * (other / common) + BigInt(total) * (below / common);
    below *= other / common;
  }
  const doubled = 2n * above + below;
  const whole = doubled / (2n * below) - (doubled % (2n * below) < 0n ? 1n : 0n);
  return [Number(whole), Number(above - whole * below) / Number(below)];
}

function squaresOf(
  { scores, means, rests, variances }: ScaledFeature,
  groupOf: Int32Array,
  groups: number,
): Float64Array {
  const sums = new Float64Array(groups);
  for (let block = 0; block < groupOf.length; block++) sums[groupOf[block]!]! += scores[block]!;
  return sums.map((sum, group) => {
    const centred = sum - means[group]! - rests[group]!;
    return variances[group] === 0 ? 0 : centred * centred / variances[group]!;
  });
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b);
}

function leastCommonMultiple(a: number, b: number): number {
  const divisor = (x: number, y: number): number => y === 0 ? x : divisor(y, x % y);
  return a / divisor(a, b) * b;
}
