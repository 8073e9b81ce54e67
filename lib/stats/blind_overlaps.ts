/**
 * What lists of features share if they are drawn blindly.
 *
 * @module
 */
import { SeededRandom } from "./seeded_random.ts";

/** Numbers that came about again and again: their mean, and where 95 % of them lie. */
export interface DrawnRange {
  /** The mean. */
  readonly mean: number;
  /** The lowest of the middle 95 %. */
  readonly low: number;
  /** The highest of the middle 95 %. */
  readonly high: number;
}

/**
 * The mean of numbers that were drawn, and the range that holds 95 % of them: with 199 of them, from the
 * fifth to the fifth from the end.
 *
 * @param drawn At least 39.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { drawnRange } from "@coact/coact";
 *
 * const drawn = Array.from({ length: 199 }, (_, i) => 199 - i);
 * assert.deepEqual(drawnRange(drawn), { mean: 100, low: 5, high: 195 });
 * ```
 */
export function drawnRange(drawn: readonly number[]): DrawnRange {
  const sorted = drawn.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length + 1)) - 1]!;
  const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length;
  return { mean, low: at(0.025), high: at(0.975) };
}

/**
 * The mean over pairs of lists of how many features two of them share, each list drawn blindly from all
 * features, again and again.
 *
 * @param lengths How long each list is; there are two at least.
 * @param options How many features there are, how often lists are drawn, and the seed.
 * @returns A number for each draw.
 * @throws {RangeError} If a list is longer than there are features.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { blindOverlaps, drawnRange } from "@coact/coact";
 *
 * const overlaps = blindOverlaps([50, 50, 50], { features: 100, draws: 199, seed: 4 });
 * const { mean, low, high } = drawnRange(overlaps);
 * assert(Math.abs(mean - 25) < 1); // 50 · 50 / 100
 * assert(low > 20 && high < 30);
 * ```
 */
export function blindOverlaps(
  lengths: readonly number[],
  { features, draws, seed }: { features: number; draws: number; seed: number },
): number[] {
  const longest = Math.max(...lengths);
  if (longest > features) {
    throw new RangeError(
      `Cannot draw lists: there are ${features} features, current length is ${longest}`,
    );
  }
  const random = new SeededRandom(seed);
  const pairs = lengths.length * (lengths.length - 1) / 2;
  return Array.from({ length: draws }, () => {
    // A feature that is on k lists is shared by k(k − 1)/2 pairs of them.
    const lists = new Map<number, number>();
    for (const length of lengths) {
      for (const feature of drawList(length, features, random)) {
        lists.set(feature, (lists.get(feature) ?? 0) + 1);
      }
    }
    return lists.values().reduce((sum, k) => sum + k * (k - 1) / 2, 0) / pairs;
  });
}

/** Different features, each set of them as likely (Floyd's algorithm; Bentley, Programming Pearls 1987). */
function drawList(length: number, features: number, random: SeededRandom): Set<number> {
  const list = new Set<number>();
  for (let end = features - length; end < features; end++) {
    const drawn = random.below(end + 1);
    list.add(list.has(drawn) ? end : drawn);
  }
  return list;
}
