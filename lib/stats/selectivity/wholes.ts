/**
 * Arrays of whole numbers.
 *
 * @module
 */
import type { SelectivityDesign } from "./design.ts";

/** An array of whole numbers. */
export type Wholes = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/**
 * Room for sums of doubled ranks over a person's questions, or for their differences. They are at most
 * twice (questions + 1) times the questions of a person: mostly 32 bits hold it.
 */
export function roomForWholes(
  { personSizes, questionCount }: SelectivityDesign,
  length: number,
): Wholes {
  const most = 2 * (questionCount + 1) * personSizes.reduce((a, b) => Math.max(a, b), 0);
  return most < 2 ** 31 ? new Int32Array(length) : new Float64Array(length);
}
