/**
 * Probes: how well a few features name a group on questions that they were not chosen on.
 *
 * Gurnee et al., "Finding Neurons in a Haystack" (2023): k-sparse probing.
 *
 * @module
 */
import { auroc } from "./auroc.ts";
import { doubledMidranks } from "./doubled_midranks.ts";
import { fitLogistic, type LogisticFit, logOdds } from "./logistic.ts";
import { topFeatures } from "./top_features.ts";

/** How well a probe does on questions that it has not seen. */
export interface ProbeScore {
  /** The share of questions that it names rightly; null of none. */
  readonly accuracy: number | null;
  /** The mean of that share in the group and of that outside; null if a side is empty. */
  readonly balancedAccuracy: number | null;
  /** The AUROC of its log odds; null if a side is empty. */
  readonly auroc: number | null;
}

/**
 * The `k` features whose AUROC is farthest from ½; of equal ones, the lower.
 *
 * @param features The activations of each feature, one a question.
 * @param inGroup Whether each question is in the group.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { chooseByAuroc } from "@coact/coact";
 *
 * const features = [[1, 2, 3, 4], [9, 8, 1, 0], [5, 5, 5, 5]];
 * assert.deepEqual(chooseByAuroc(features, [1, 0, 0, 0], 1), [0]); // of equal ones, the lower
 * ```
 */
export function chooseByAuroc(
  features: readonly ArrayLike<number>[],
  inGroup: ArrayLike<number | boolean>,
  k: number,
): number[] {
  return chooseByRanks(features.map(doubledMidranks), inGroup, k);
}

/**
 * The same, of features whose ranks are known: for several groups, each feature is sorted once.
 *
 * @param ranks The {@linkcode doubledMidranks} of each feature.
 */
export function chooseByRanks(
  ranks: readonly Float64Array[],
  inGroup: ArrayLike<number | boolean>,
  k: number,
): number[] {
  let nIn = 0;
  for (let i = 0; i < inGroup.length; i++) nIn += Number(inGroup[i]);
  const nOut = inGroup.length - nIn;
  const distances = ranks.map((each) => {
    let sum = 0;
    for (let i = 0; i < inGroup.length; i++) if (inGroup[i]) sum += each[i]!;
    return Math.abs(sum - nIn * (nIn + 1) - nIn * nOut);
  });
  return topFeatures(Float64Array.from(distances), k);
}

/**
 * `k` features, one after the other, each the one with which the probe's loss is lowest; of equal ones,
 * the lower.
 *
 * @param features The activations of each feature, one a question.
 * @param inGroup Whether each question is in the group.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { chooseForward } from "@coact/coact";
 *
 * const features = [[1, 0, 1, 0], [9, 8, 1, 0]];
 * assert.deepEqual(chooseForward(features, [1, 1, 0, 0], 1), [1]);
 * ```
 */
export function chooseForward(
  features: readonly ArrayLike<number>[],
  inGroup: ArrayLike<number | boolean>,
  k: number,
): number[] {
  const chosen: number[] = [];
  while (chosen.length < Math.min(k, features.length)) {
    let [best, least] = [-1, Infinity];
    features.forEach((_, feature) => {
      if (chosen.includes(feature)) return;
      const together = [...chosen, feature].map((each) => features[each]!);
      const { loss } = fitLogistic(together, inGroup);
      if (loss < least) [best, least] = [feature, loss];
    });
    chosen.push(best);
  }
  return chosen;
}

/**
 * How well a probe does.
 *
 * @param fit The probe, {@linkcode fitLogistic} on other questions.
 * @param features The activations of its features, one a question.
 * @param inGroup Whether each question is in the group.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fitLogistic, scoreProbe } from "@coact/coact";
 *
 * const fit = fitLogistic([[2, 1.5, 0.1, 0, 0.2, 0]], [1, 1, 0, 0, 0, 0]);
 * const { accuracy, auroc } = scoreProbe(fit, [[1.8, 0, 0.1]], [1, 0, 0]);
 * assert.equal(accuracy, 1);
 * assert.equal(auroc, 1);
 * ```
 */
export function scoreProbe(
  fit: LogisticFit,
  features: readonly ArrayLike<number>[],
  inGroup: ArrayLike<number | boolean>,
): ProbeScore {
  const n = inGroup.length;
  const odds = Float64Array.from({ length: n }, (_, i) => logOdds(fit, features, i));
  const right = [0, 0];
  const all = [0, 0];
  odds.forEach((value, i) => {
    const side = Number(inGroup[i]);
    all[side]!++;
    if (value > 0 === Boolean(side)) right[side]!++;
  });
  const isOneSided = all[0] === 0 || all[1] === 0;
  return {
    accuracy: n === 0 ? null : (right[0]! + right[1]!) / n,
    balancedAccuracy: isOneSided ? null : (right[0]! / all[0]! + right[1]! / all[1]!) / 2,
    auroc: auroc(odds, inGroup).auroc,
  };
}
