/**
 * How much each person has to do with an AUROC: what tells how far two AUROCs of the same persons go
 * together.
 *
 * @module
 */
import { doubledMidranks } from "./doubled_midranks.ts";

/**
 * The influence of each person on an AUROC: ΣX/n₁ + ΣY/n₀, X and Y being the deviations of his
 * placements in the group and outside of it (DeLong 1988; Obuchowski 1997). They sum to 0, and the sum
 * of their squares is about the AUROC's variance.
 *
 * @param values A feature's activations, one a question.
 * @param design Whether each question is in the group, and whose it is.
 * @returns By person; empty if a side is empty.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { personInfluences } from "@coact/coact";
 *
 * const found = personInfluences([3, 1, 2, 2], { inGroup: [1, 0, 1, 0], persons: [0, 0, 1, 1] });
 * assert.deepEqual([...found], [[0, 0.125], [1, -0.125]]);
 * ```
 */
export function personInfluences(
  values: ArrayLike<number>,
  { inGroup, persons }: {
    inGroup: ArrayLike<number | boolean>;
    persons: ArrayLike<number>;
  },
): Map<number, number> {
  const influences = new Map<number, number>();
  const sides = [true, false].map((wanted) => {
    const at: number[] = [];
    for (let i = 0; i < values.length; i++) if (Boolean(inGroup[i]) === wanted) at.push(i);
    return { at, ranks: doubledMidranks(at.map((i) => values[i]!)) };
  });
  const [nIn, nOut] = sides.map(({ at }) => at.length) as [number, number];
  if (nIn === 0 || nOut === 0) return influences;
  const pooled = doubledMidranks(values);
  let above = 0;
  sides[0]!.at.forEach((i, k) => above += pooled[i]! - sides[0]!.ranks[k]!);
  const auroc = above / (2 * nIn * nOut);
  sides.forEach(({ at, ranks }, side) => {
    const others = side === 0 ? nOut : nIn;
    at.forEach((i, k) => {
      const share = (pooled[i]! - ranks[k]!) / (2 * others);
      const deviation = side === 0 ? share - auroc : 1 - share - auroc;
      const person = persons[i]!;
      influences.set(person, (influences.get(person) ?? 0) + deviation / at.length);
    });
  });
  return influences;
}

/**
 * How far two AUROCs go together: the correlation of the influences of the persons of both. 0 if no
 * person is in both, or one has no variance.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { influenceCorrelation } from "@coact/coact";
 *
 * const first = new Map([[0, 0.125], [1, -0.125]]);
 * assert.equal(influenceCorrelation(first, first), 1);
 * assert.equal(influenceCorrelation(first, new Map([[7, 0.1], [8, -0.1]])), 0);
 * ```
 */
export function influenceCorrelation(
  first: ReadonlyMap<unknown, number>,
  second: ReadonlyMap<unknown, number>,
): number {
  let both = 0;
  for (const [person, influence] of first) both += influence * (second.get(person) ?? 0);
  const square = (map: ReadonlyMap<unknown, number>) =>
    map.values().reduce((sum, each) => sum + each * each, 0);
  const scale = Math.sqrt(square(first) * square(second));
  return scale === 0 ? 0 : Math.max(-1, Math.min(1, both / scale));
}
