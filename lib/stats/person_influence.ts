/**
 * How much each person has to do with an AUROC: what tells how far two AUROCs of the same persons go
 * together.
 *
 * @module
 */
import { pairsAbove } from "./pairs_above.ts";

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
  const { above, nIn, nOut } = pairsAbove(values, inGroup);
  if (nIn === 0 || nOut === 0) return influences;
  let pairs = 0;
  for (let i = 0; i < above.length; i++) if (inGroup[i]) pairs += above[i]!;
  const auroc = pairs / (2 * nIn * nOut);
  for (const isIn of [true, false]) {
    const [own, others] = isIn ? [nIn, nOut] : [nOut, nIn];
    for (let i = 0; i < above.length; i++) {
      if (Boolean(inGroup[i]) !== isIn) continue;
      const share = above[i]! / (2 * others);
      const deviation = isIn ? share - auroc : 1 - share - auroc;
      const person = persons[i]!;
      influences.set(person, (influences.get(person) ?? 0) + deviation / own);
    }
  }
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
