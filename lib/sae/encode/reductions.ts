/**
 * What is kept of the activations, per segment of questions and feature.
 *
 * A device reduces a tile of questions, in float32. The sums of tiles are added exactly and rounded
 * once, so that results do not depend on how the work was divided, between features or between tiles.
 *
 * @module
 */
import { addAll, emptySums, type ExactSums } from "./exact_sums.ts";
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
