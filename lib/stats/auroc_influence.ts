/**
 * What each person adds to an AUROC, so that AUROCs of the same persons can be compared.
 *
 * DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), with persons as clusters.
 *
 * @module
 */
import { pairsAbove } from "./pairs_above.ts";

/** An estimate, and by how much each person moves it. Of two of them, the difference is one, too. */
export interface Influence {
  /** The estimate. */
  readonly estimate: number;
  /** Each person's part of the deviations from it; they add up to 0. */
  readonly parts: Float64Array<ArrayBuffer>;
}

/**
 * The AUROC of a feature for a group, and each person's part: Σ(V − θ)/n over their questions in the
 * group and outside of it, V being the placement of a question among those of the other side.
 *
 * @param values A feature's activations, one a question.
 * @param design Whether each question is in the group; whose it is, from 0; how many persons there are.
 * @returns Null if a side is empty.
 * @throws {RangeError} If an activation is NaN.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { aurocInfluence } from "@coact/coact";
 *
 * const design = { inGroup: [1, 0, 1, 0], persons: [0, 0, 1, 1], personCount: 2 };
 * const found = aurocInfluence([0.9, 0.1, 0.3, 0.5], design);
 * assert.equal(found?.estimate, 0.75);
 * assert.deepEqual([...found!.parts], [0.25, -0.25]);
 * ```
 */
export function aurocInfluence(
  values: ArrayLike<number>,
  { inGroup, persons, personCount }: {
    inGroup: ArrayLike<number | boolean>;
    persons: ArrayLike<number>;
    personCount: number;
  },
): Influence | null {
  const { above, nIn, nOut } = pairsAbove(values, inGroup);
  if (nOut === 0 || nIn === 0) return null;
  let pairs = 0;
  for (let i = 0; i < above.length; i++) if (inGroup[i]) pairs += above[i]!;
  const estimate = pairs / (2 * nIn * nOut);
  // Whole numbers, times 2·n₁²·n₀²: the part of a person who does not move the estimate is 0, not rounding.
  const parts = new Float64Array(personCount);
  for (let i = 0; i < above.length; i++) {
    if (inGroup[i]) parts[persons[i]!]! += nOut * (nIn * above[i]! - pairs);
  }
  for (let i = 0; i < above.length; i++) {
    if (!inGroup[i]) parts[persons[i]!]! += nIn * (nOut * (2 * nIn - above[i]!) - pairs);
  }
  return { estimate, parts: parts.map((part) => part / (2 * nIn * nOut) / (nIn * nOut)) };
}

/**
 * A weighted sum of estimates over the same persons: a mean, or a difference.
 *
 * @param terms At least one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sumInfluences } from "@coact/coact";
 *
 * const one = { estimate: 0.9, parts: Float64Array.of(0.1, -0.1) };
 * const other = { estimate: 0.4, parts: Float64Array.of(-0.1, 0.1) };
 * const difference = sumInfluences([[1, one], [-1, other]]);
 * assert.equal(difference.estimate, 0.5);
 * assert.deepEqual([...difference.parts], [0.2, -0.2]);
 * ```
 */
export function sumInfluences(
  terms: readonly (readonly [weight: number, influence: Influence])[],
): Influence {
  const parts = new Float64Array(terms[0]![1].parts.length);
  let estimate = 0;
  for (const [weight, each] of terms) {
    estimate += weight * each.estimate;
    for (let person = 0; person < parts.length; person++) {
      parts[person]! += weight * each.parts[person]!;
    }
  }
  return { estimate, parts };
}
