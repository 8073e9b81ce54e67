/**
 * How sure a share is over persons and wordings.
 *
 * @module
 */
import { studentQuantile } from "./t_tail.ts";
import { twoWayVariance } from "./two_way_variance.ts";
import { clusteredWilson, type Share, wilsonInterval } from "./wilson.ts";

/**
 * The share of questions that count, with Wilson's 95 % interval over persons and wordings: the design
 * effect is made of the variance over both, V_person + V_wording − V_both.
 *
 * @param isHit Whether each question counts.
 * @param design Whose each question is and which wording, numbers from 0.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { crossedShare } from "@coact/coact";
 *
 * const at = Array.from({ length: 200 }, (_, i) => i);
 * const design = { persons: at.map((i) => i % 20), wordings: at.map((i) => Math.floor(i / 20)) };
 * const { share, interval } = crossedShare(at.map((i) => i >= 20), design); // all of one wording fail
 * assert.equal(share, 0.9);
 * assert(interval[0] < 0.7);
 * ```
 */
export function crossedShare(
  isHit: readonly boolean[],
  { persons, wordings }: { persons: readonly number[]; wordings: readonly number[] },
): Share {
  const n = isHit.length;
  const cells = numbered(persons.map((person, i) => `${person}:${wordings[i]!}`));
  const found = [persons, wordings, cells].map((clusters) => {
    const counts = new Float64Array(Math.max(0, ...clusters.map((each) => each + 1)));
    const hits = new Float64Array(counts.length);
    clusters.forEach((cluster, i) => {
      counts[cluster]!++;
      if (isHit[i]) hits[cluster]!++;
    });
    return clusteredWilson(hits, counts);
  });
  const { share } = found[0]!;
  const units = Math.min(new Set(persons).size, new Set(wordings).size);
  if (share === null || units < 2) return { share, interval: [0, 1] };
  const [byPerson, byWording, byBoth] = found.map(({ variance }) => variance ?? 0);
  const variance = twoWayVariance({ persons: byPerson!, wordings: byWording!, both: byBoth! });
  const isExtreme = share === 0 || share === 1;
  const designEffect = isExtreme ? n / units : Math.max(1, variance / (share * (1 - share) / n));
  return { share, interval: wilsonInterval(share, n / designEffect, studentQuantile(units - 1)) };
}

function numbered(names: readonly string[]): number[] {
  const numbers = new Map<string, number>();
  return names.map((name) => numbers.getOrInsert(name, numbers.size));
}
