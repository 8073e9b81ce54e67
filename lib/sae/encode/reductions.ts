/**
 * What is kept of the activations, per segment of questions and feature.
 *
 * A device reduces a tile of questions, in float32. The sums of tiles are added exactly and rounded
 * once, so that results do not depend on how the work was divided, between features or between tiles.
 *
 * @module
 */
import { addAll, addSums, emptySums, type ExactSums } from "./exact_sums.ts";
import { type Segmentation, segmentSizes } from "./question_tiles.ts";

/** What can be kept besides sums, maxima and counts. */
export type ExtraReduction = "squares" | "minima" | "maximaAt" | "minimaAt";

/** All of them, in the order of the devices' results. */
export const EXTRA_REDUCTIONS: readonly ExtraReduction[] = [
  "squares",
  "minima",
  "maximaAt",
  "minimaAt",
];

/** A reduction, by its name in {@linkcode Reductions}. */
export type Reduction = "sums" | "maxima" | "counts" | ExtraReduction;

/** The question of an extreme where there is no question. */
export const NO_QUESTION = 0xffffffff;

/** The activations, reduced. Matrices are `[segments, features]`, rows first. */
export interface Reductions {
  /** How many questions each segment (a relation, say) has. */
  readonly groupSizes: readonly number[];
  /** How many features there are. */
  readonly featureCount: number;
  /** The sum of each feature's activations, in float64. */
  readonly sums: Float64Array<ArrayBuffer>;
  /** The greatest activation of each feature. */
  readonly maxima: Float32Array<ArrayBuffer>;
  /** How often each feature's activation is above the threshold. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** The sum of the squares, if it was asked for. */
  readonly squares?: Float64Array<ArrayBuffer> | undefined;
  /** The least activation, if it was asked for. */
  readonly minima?: Float32Array<ArrayBuffer> | undefined;
  /** The question of the greatest activation, the first of several; if it was asked for. */
  readonly maximaAt?: Uint32Array<ArrayBuffer> | undefined;
  /** The question of the least activation, likewise. */
  readonly minimaAt?: Uint32Array<ArrayBuffer> | undefined;
  /** What float64 does not hold of the sums, by cell; nearly always nothing. */
  readonly rests: Readonly<Record<"sums" | "squares", ExactSums["rests"]>>;
}

/** Which reductions an input asks for, in the order of the devices' results. */
export function reductionsOf(also: readonly ExtraReduction[] = []): readonly Reduction[] {
  const needs = (name: ExtraReduction) =>
    also.includes(name) || (name === "minima" && also.includes("minimaAt"));
  return ["sums", "maxima", "counts", ...EXTRA_REDUCTIONS.filter(needs)];
}

/** Reductions without any question yet. */
export function emptyReductions(
  questions: Segmentation,
  featureCount: number,
  also: readonly ExtraReduction[] = [],
): Reductions {
  const groupSizes = segmentSizes(questions);
  const cells = groupSizes.length * featureCount;
  const [sums, squares] = [emptySums(cells), emptySums(cells)];
  const asked = reductionsOf(also);
  const extremes = (value: number) => new Float32Array(cells).fill(value);
  const nowhere = () => new Uint32Array(cells).fill(NO_QUESTION);
  return {
    groupSizes,
    featureCount,
    sums: sums.values,
    maxima: extremes(-Infinity),
    counts: new Uint32Array(cells),
    ...(asked.includes("squares") && { squares: squares.values }),
    ...(asked.includes("minima") && { minima: extremes(Infinity) }),
    ...(asked.includes("maximaAt") && { maximaAt: nowhere() }),
    ...(asked.includes("minimaAt") && { minimaAt: nowhere() }),
    rests: { sums: sums.rests, squares: squares.rests },
  };
}

/** What a device reduced: a tile of questions, and a run of features. */
export interface TilePlace {
  /** The number of the segment. */
  readonly segment: number;
  /** The first question. */
  readonly first: number;
  /** The number of the first feature. */
  readonly firstFeature: number;
}

/**
 * Adds a tile.
 *
 * @param found What a device found, by the name of the reduction, a number for each feature of the run;
 * undefined of what was not asked for. The questions of extremes are counted within the tile.
 */
export function addTile(
  reductions: Reductions,
  { segment, first, firstFeature }: TilePlace,
  found: (name: Reduction) => Float32Array | undefined,
): void {
  const start = segment * reductions.featureCount + firstFeature;
  const sums = found("sums")!;
  addAll({ values: reductions.sums, rests: reductions.rests.sums }, start, sums);
  const squares = found("squares");
  if (squares && reductions.squares) {
    addAll({ values: reductions.squares, rests: reductions.rests.squares }, start, squares);
  }
  const counts = found("counts")!;
  for (let i = 0; i < counts.length; i++) reductions.counts[start + i]! += counts[i]!;
  addExtremes(1, reductions.maxima, reductions.maximaAt, {
    start,
    values: found("maxima")!,
    at: found("maximaAt"),
    first,
  });
  if (reductions.minima === undefined) return;
  addExtremes(-1, reductions.minima, reductions.minimaAt, {
    start,
    values: found("minima")!,
    at: found("minimaAt"),
    first,
  });
}

/** Tiles come in the order of the questions: of equal extremes the first stays. */
function addExtremes(
  sign: 1 | -1,
  extremes: Float32Array,
  questions: Uint32Array | undefined,
  { start, values, at, first }: {
    start: number;
    values: Float32Array;
    at: Float32Array | undefined;
    first: number;
  },
): void {
  for (let i = 0; i < values.length; i++) {
    if (!(sign * values[i]! > sign * extremes[start + i]!)) continue;
    extremes[start + i] = values[i]!;
    if (questions !== undefined) questions[start + i] = first + at![i]!;
  }
}

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
