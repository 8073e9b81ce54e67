/**
 * Arrays of whole numbers.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";

/** An array of whole numbers. */
export type Wholes = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/**
 * The largest sum of doubled ranks over a person's questions, or difference of two such sums: twice
 * (questions + 1) times the questions of a person.
 */
export function mostWhole({ personSizes, questionCount }: SelectivityDesign): number {
  return 2 * (questionCount + 1) * personSizes.reduce((a, b) => Math.max(a, b), 0);
}

/** Room for such sums: mostly 32 bits hold them. */
export function roomForWholes(design: SelectivityDesign, length: number): Wholes {
  return mostWhole(design) < 2 ** 31 ? new Int32Array(length) : new Float64Array(length);
}

/** Fewer numbers than these are copied one by one. */
const FEW = 200;

/** Copies the first ones, without a view of them, whose making takes as long as a few hundred of them. */
export function copyFirst(from: Int32Array, to: Int32Array, count: number): void {
  if (count === from.length) to.set(from);
  else if (count > FEW) to.set(from.subarray(0, count));
  else for (let i = 0; i < count; i++) to[i] = from[i]!;
}
