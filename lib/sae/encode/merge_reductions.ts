/**
 * Reductions of parts put together: of other questions, or of other features.
 *
 * @module
 */
import { addSums } from "./exact_sums.ts";
import { EXTRA_REDUCTIONS, NO_QUESTION, type Reductions } from "./reductions.ts";

/** Which part of the whole some reductions are. */
export interface PartPlace {
  /** The number of its first segment in the whole. Default: 0. */
  readonly firstSegment?: number | undefined;
  /** The number of its first feature in the whole. Default: 0. */
  readonly firstFeature?: number | undefined;
  /** The number of its first question in the whole. Default: 0. */
  readonly firstQuestion?: number | undefined;
}

/**
 * Adds the reductions of other questions, or of other features. The result is the same, byte for byte,
 * in whatever order the parts come, if they were cut between features and between tiles.
 *
 * @param whole Made by {@linkcode emptyReductions} for all questions and features.
 * @throws {RangeError} If the part does not fit into the whole, or has not all that it has.
 */
export function addReductions(whole: Reductions, part: Reductions, place: PartPlace = {}): void {
  const { firstSegment = 0, firstFeature = 0, firstQuestion = 0 } = place;
  const { featureCount } = part;
  checkPlace(whole, part, { firstSegment, firstFeature });
  part.groupSizes.forEach((_, segment) => {
    const from = segment * featureCount;
    const to = (firstSegment + segment) * whole.featureCount + firstFeature;
    const own = <T extends { subarray(start: number, end: number): T }>(values: T): T =>
      values.subarray(from, from + featureCount);
    const rests = (name: "sums" | "squares") => {
      const inside = [...part.rests[name]].filter(([cell]) =>
        cell >= from && cell < from + featureCount
      );
      return new Map(inside.map(([cell, rest]) => [cell - from, rest]));
    };
    const add = (name: "sums" | "squares") => {
      const values = whole[name];
      if (values === undefined) return;
      const sums = { values: own(part[name]!), rests: rests(name) };
      addSums({ values, rests: whole.rests[name] }, to, sums);
    };
    add("sums");
    add("squares");
    for (let i = 0; i < featureCount; i++) whole.counts[to + i]! += part.counts[from + i]!;
    const extremes = (sign: 1 | -1, name: "maxima" | "minima", at: "maximaAt" | "minimaAt") => {
      const [values, found] = [whole[name], part[name]];
      if (values === undefined) return;
      for (let i = 0; i < featureCount; i++) {
        const [mine, other] = [sign * values[to + i]!, sign * found![from + i]!];
        const question = part[at]?.[from + i] ?? NO_QUESTION;
        const number = question === NO_QUESTION ? question : firstQuestion + question;
        const isFirst = whole[at] !== undefined && other === mine && number < whole[at][to + i]!;
        if (!(other > mine || isFirst)) continue;
        values[to + i] = found![from + i]!;
        if (whole[at] !== undefined) whole[at][to + i] = number;
      }
    };
    extremes(1, "maxima", "maximaAt");
    extremes(-1, "minima", "minimaAt");
  });
}

function checkPlace(
  whole: Reductions,
  part: Reductions,
  { firstSegment, firstFeature }: { firstSegment: number; firstFeature: number },
): void {
  const isInside = firstSegment >= 0 && firstFeature >= 0 &&
    firstSegment + part.groupSizes.length <= whole.groupSizes.length &&
    firstFeature + part.featureCount <= whole.featureCount;
  if (!isInside) {
    throw new RangeError(
      `Cannot add ${part.groupSizes.length} segments of ${part.featureCount} features from ` +
        `${firstSegment} and ${firstFeature} on to ${whole.groupSizes.length} of ` +
        `${whole.featureCount}`,
    );
  }
  const missing = EXTRA_REDUCTIONS.find((name) => whole[name] && !part[name]);
  if (missing !== undefined) throw new RangeError(`Cannot add reductions without ${missing}`);
}
