/**
 * Whether a feature tells a group apart by more than the length of its questions.
 *
 * @module
 */
import { auroc } from "./auroc.ts";

/** A feature's AUROC beside that of the prompts' lengths. */
export interface LengthControl {
  /** The AUROC of the number of tokens itself; null if a side is empty. */
  readonly aurocOfLength: number | null;
  /** The feature's AUROC over all pairs; null if a side is empty. */
  readonly auroc: number | null;
  /** How many pairs of a question in the group and one outside there are. */
  readonly pairs: number;
  /** How many of them are of prompts of equal length. */
  readonly pairsMatched: number;
  /** Twice the Mann-Whitney U over these. */
  readonly uDoubledMatched: number;
  /** The feature's AUROC over these; null if there are none. */
  readonly aurocMatched: number | null;
}

/**
 * The AUROC of the number of tokens, and the feature's AUROC over those pairs alone whose prompts have
 * as many tokens.
 *
 * @param values A feature's activations, one a question.
 * @param questions How many tokens each question's prompt has, and whether it is in the group.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lengthControl } from "@coact/coact";
 *
 * const questions = { tokens: [9, 9, 7, 9, 7], inGroup: [1, 1, 1, 0, 0] };
 * const found = lengthControl([5, 1, 3, 2, 3], questions);
 * assert.equal(found.pairsMatched, 3);
 * assert.equal(found.aurocMatched, 0.5);
 * ```
 */
export function lengthControl(
  values: ArrayLike<number>,
  { tokens, inGroup }: { tokens: ArrayLike<number>; inGroup: ArrayLike<number | boolean> },
): LengthControl {
  const whole = auroc(values, inGroup);
  const byLength = new Map<number, { values: number[]; inGroup: boolean[] }>();
  for (let i = 0; i < tokens.length; i++) {
    const length = tokens[i]!;
    if (!byLength.has(length)) byLength.set(length, { values: [], inGroup: [] });
    const same = byLength.get(length)!;
    same.values.push(values[i]!);
    same.inGroup.push(Boolean(inGroup[i]));
  }
  let [pairsMatched, uDoubledMatched] = [0, 0];
  for (const same of byLength.values()) {
    const { nIn, nOut, uDoubled } = auroc(same.values, same.inGroup);
    pairsMatched += nIn * nOut;
    uDoubledMatched += uDoubled;
  }
  return {
    aurocOfLength: auroc(tokens, inGroup).auroc,
    auroc: whole.auroc,
    pairs: whole.nIn * whole.nOut,
    pairsMatched,
    uDoubledMatched,
    aurocMatched: pairsMatched === 0 ? null : uDoubledMatched / (2 * pairsMatched),
  };
}
