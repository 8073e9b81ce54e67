/**
 * The reductions of a feature in float64, and between what a device's may lie.
 *
 * @module
 */
import { SMALLEST_FLOAT32 } from "../../tensors/magnitude.ts";
import { type ExactActivation, ROUNDING } from "../float64_activation.ts";
import { NO_QUESTION, type Reductions } from "./reductions.ts";

/** How many roundings a sum of a tile of 256 activations has at most, if all point the same way. */
export const SUM_ROUNDINGS = 128;

/** A number, and between what it may lie in float32. */
export interface Bounds {
  /** The number. */
  value: number;
  /** It is no less than this. */
  low: number;
  /** Nor more than this. */
  high: number;
}

const at = (value: number): Bounds => ({ value, low: value, high: value });

/** What the activations of one feature come to. */
export class ExactReductions {
  /** The feature. */
  readonly feature: number;
  /** Their sum. */
  readonly sum: Bounds = at(0);
  /** The sum of their squares. */
  readonly squares: Bounds = at(0);
  /** The greatest of them. */
  readonly greatest: Bounds = at(-Infinity);
  /** The least of them. */
  readonly least: Bounds = at(Infinity);
  /** How many are above the threshold for certain. */
  atLeast = 0;
  /** How many are above it at most. */
  atMost = 0;
  #questions: Map<number, ExactActivation> | undefined;

  /**
   * Begins without any question.
   *
   * @param remembers Whether it is asked where extremes are.
   */
  constructor(feature: number, remembers: boolean) {
    this.feature = feature;
    if (remembers) this.#questions = new Map();
  }

  /** Adds the activation of a question. */
  add(question: number, activation: ExactActivation, threshold: number): void {
    const { z, low, high } = activation;
    const [one, other] = [Math.abs(low), Math.abs(high)];
    const [smallest, largest] = one < other ? [one, other] : [other, one];
    const isCertain = low >= 0 || high <= 0;
    addTo(this.sum, activation);
    addTo(this.squares, { z: z * z, low: isCertain ? smallest ** 2 : 0, high: largest ** 2 });
    widen(this.greatest, Math.max, activation);
    widen(this.least, Math.min, activation);
    if (low > threshold) this.atLeast++;
    if (high > threshold) this.atMost++;
    this.#questions?.set(question, activation);
  }

  /** Whether the activation of a question may be what is said to be an extreme. */
  mayBeAt(question: number, extreme: number): boolean {
    const activation = this.#questions?.get(question);
    return activation !== undefined && extreme >= activation.low && extreme <= activation.high;
  }
}

function addTo(sum: Bounds, { z, low, high }: ExactActivation): void {
  const rounding = SUM_ROUNDINGS * ROUNDING * Math.abs(z) + SMALLEST_FLOAT32;
  sum.value += z;
  sum.low += low - rounding;
  sum.high += high + rounding;
}

function widen(
  extreme: Bounds,
  choose: (a: number, b: number) => number,
  { z, low, high }: ExactActivation,
): void {
  extreme.value = choose(extreme.value, z);
  extreme.low = choose(extreme.low, low);
  extreme.high = choose(extreme.high, high);
}

/** A reduction that is wrong. */
export interface WrongReduction {
  /** What it is: `mean activation`. */
  readonly what: string;
  /** What the device says. */
  readonly found: number;
  /** What it should be. */
  readonly expected: number;
}

/** The first reduction of a cell that lies elsewhere than it may. */
export function findWrongReduction(
  exact: ExactReductions,
  { reductions, cell, size, threshold }: {
    reductions: Reductions;
    cell: number;
    size: number;
    threshold: number;
  },
): WrongReduction | undefined {
  const { sums, squares, maxima, minima, counts, maximaAt, minimaAt } = reductions;
  const { sum, greatest, least, atLeast, atMost } = exact;
  const isIn = ({ low, high }: Bounds, found: number) => found >= low && found <= high;
  if (!isIn(sum, sums[cell]!)) {
    return { what: "mean activation", found: sums[cell]! / size, expected: sum.value / size };
  }
  if (!isIn(greatest, maxima[cell]!)) {
    return { what: "greatest activation", found: maxima[cell]!, expected: greatest.value };
  }
  const count = counts[cell]!;
  if (!(count >= atLeast && count <= atMost)) {
    return { what: `number of activations above ${threshold}`, found: count, expected: atLeast };
  }
  if (squares !== undefined && !isIn(exact.squares, squares[cell]!)) {
    const expected = exact.squares.value / size;
    return { what: "mean squared activation", found: squares[cell]! / size, expected };
  }
  if (minima !== undefined && !isIn(least, minima[cell]!)) {
    return { what: "least activation", found: minima[cell]!, expected: least.value };
  }
  for (
    const [what, questions, extremes] of [
      ["greatest", maximaAt, maxima],
      ["least", minimaAt, minima],
    ] as const
  ) {
    const question = questions?.[cell];
    if (question === undefined || exact.mayBeAt(question, extremes![cell]!)) continue;
    const found = question === NO_QUESTION ? NaN : question;
    return { what: `question of the ${what} activation`, found, expected: NaN };
  }
  return undefined;
}
