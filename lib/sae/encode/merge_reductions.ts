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
    const cells = { from, to, count: featureCount, firstQuestion };
    addExtremes([whole.maxima, whole.maximaAt], [part.maxima, part.maximaAt], 1, cells);
    if (whole.minima === undefined) return;
    addExtremes([whole.minima, whole.minimaAt], [part.minima!, part.minimaAt], -1, cells);
  });
}

/** Extremes of features, and of which question each is, if that is asked. */
type Extremes = readonly [Float32Array, Uint32Array | undefined];

/** Takes those of a part that go beyond those of the whole; of equal ones, those of the first question. */
function addExtremes(
  [values, places]: Extremes,
  [found, foundAt]: Extremes,
  sign: 1 | -1,
  { from, to, count, firstQuestion }: Record<"from" | "to" | "count" | "firstQuestion", number>,
): void {
  for (let i = 0; i < count; i++) {
    const mine = sign * values[to + i]!;
    const other = sign * found[from + i]!;
    if (!(other >= mine)) continue;
    const question = foundAt?.[from + i] ?? NO_QUESTION;
    const number = question === NO_QUESTION ? question : firstQuestion + question;
    const isFirst = places !== undefined && number < places[to + i]!;
    if (!(other > mine || isFirst)) continue;
    values[to + i] = found[from + i]!;
    if (places !== undefined) places[to + i] = number;
  }
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
