/**
 * Does the length of the questions alone tell the groups apart?
 *
 * @module
 */
import { lengthControl } from "../stats/length_control.ts";
import { type Measured, measuredAuroc } from "./measured.ts";
import { type Part, partOf, type Questions } from "./questions.ts";

/** From here on, length tells a group apart. */
export const LENGTH_TELLS = 0.7;

/** What the length says of a group. */
export interface GroupLength {
  /** The group's key. */
  readonly group: string;
  /** The AUROC of the number of tokens. */
  readonly auroc: Measured;
  /** The share of pairs of a question in the group and one outside whose lengths are equal. */
  readonly equalPairs: number | null;
  /** Whether that AUROC, or one minus it, is at least .7. */
  readonly tells: boolean;
}

/** What the length says of each group. */
export function lengthOf(questions: Questions): GroupLength[] {
  const part = partOf(questions);
  const { tokens, groups } = questions;
  return groups.map(({ key }, group) => {
    const inGroup = part.groups.map((each) => each === group);
    const { pairs, pairsMatched } = lengthControl(tokens, { tokens, inGroup });
    const found = measuredAuroc(tokens, part, { group });
    const { value } = found;
    return {
      group: key,
      auroc: found,
      equalPairs: pairs === 0 ? null : pairsMatched / pairs,
      tells: value !== null && Math.max(value, 1 - value) >= LENGTH_TELLS,
    };
  });
}

/** A feature's AUROC over all pairs and over those of equal length. */
export interface LengthMatched {
  /** Over all pairs; null if there are none. */
  readonly auroc: number | null;
  /** Over pairs of equal length; null if there are none. */
  readonly matched: number | null;
  /** Why one of them is null; null if none is. */
  readonly reason: string | null;
}

/** How a feature tells a group apart among questions of equal length. */
export function lengthMatched(
  values: ArrayLike<number>,
  part: Part,
  { group, tokens }: { group: number; tokens: ArrayLike<number> },
): LengthMatched {
  const found = lengthControl(values, {
    tokens: part.at.map((i) => tokens[i]!),
    inGroup: part.groups.map((each) => each === group),
  });
  const reason = found.auroc === null
    ? "there are no questions to compare with"
    : found.aurocMatched === null
    ? "no question of the relation is as long as one of another"
    : null;
  return { auroc: found.auroc, matched: found.aurocMatched, reason };
}
