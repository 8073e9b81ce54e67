/**
 * The activations of a column, group by group, and sums over them: as few passes as a mean, squares around it
 * and persons' deviations need.
 *
 * Sums are in four parts, so that they can be taken two at a time in two registers: of every fourth
 * activation; the parts are added at the end. What is left over at the end of a row is added one by one.
 *
 * @module
 */

/** How many activations are gone through at a time. */
export const STEP = 4;

/** What is known of each question. */
export interface RowOrder {
  /** Where each question's activation stands. */
  readonly places: Int32Array;
  /** An activation above it is active; it is not below 0. */
  readonly threshold: number;
}

/** The differences that a person makes to a group's mean and to that of the others. */
export interface Weighing {
  /** The person's sum in the group, if it were as all others'. */
  readonly expectedIn: number;
  /** How much a unit above that counts. */
  readonly ofIn: number;
  /** The same outside of the group. */
  readonly expectedOut: number;
  /** How much a unit above that counts. */
  readonly ofOut: number;
}

/** Goes through activations; first and last are places, the number between them is a multiple of four. */
export interface ValueRows {
  /** The activations of the questions. */
  readonly column: Float32Array<ArrayBuffer>;
  /** The same by their places. */
  readonly values: Float64Array<ArrayBuffer>;
  /** Of the last sums: four parts of the first, four of the second. */
  readonly parts: Float64Array<ArrayBuffer>;
  /** Puts the column's activations in their places. */
  place(): void;
  /** Writes the parts of the sum, and of how many are active. */
  sum(first: number, last: number): void;
  /** Writes the parts of the sum of deviations from a mean, and of that of their squares. */
  deviate(first: number, last: number, mean: number): void;
  /** Writes the sums of the columns of the first rows, so many of so many activations, from a place on. */
  total(rows: number, length: number, to: number): void;
  /**
   * Writes the parts of the sum of squares of (own − expected)·of in the group less the same of the rest.
   *
   * @param rest The place of the first person's sum over all groups, of which there is room past the activations.
   */
  weigh(first: number, last: number, rest: number, weighing: Weighing): void;
}

/** The same in TypeScript: for tests, and where vectors are not known. */
export function plainValueRows({ places, threshold }: RowOrder, room: number): ValueRows {
  const column = new Float32Array(places.length);
  const values = new Float64Array(room);
  const parts = new Float64Array(2 * STEP);
  return {
    column,
    values,
    parts,
    place() {
      for (let i = 0; i < places.length; i++) values[places[i]!] = column[i]!;
    },
    sum(first, last) {
      parts.fill(0);
      for (let i = first; i < last; i++) {
        const part = i - first & STEP - 1;
        parts[part]! += values[i]!;
        parts[STEP + part]! += Number(values[i]! > threshold);
      }
    },
    deviate(first, last, mean) {
      parts.fill(0);
      for (let i = first; i < last; i++) {
        const part = i - first & STEP - 1;
        const deviation = values[i]! - mean;
        parts[part]! += deviation;
        parts[STEP + part]! += deviation * deviation;
      }
    },
    total(rows, length, to) {
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let row = 0; row < rows; row++) sum += values[row * length + i]!;
        values[to + i] = sum;
      }
    },
    weigh(first, last, rest, { expectedIn, ofIn, expectedOut, ofOut }) {
      parts.fill(0);
      for (let i = first; i < last; i++) {
        const own = values[i]!;
        const others = values[rest + i - first]! - own;
        const deviation = (own - expectedIn) * ofIn - (others - expectedOut) * ofOut;
        parts[i - first & STEP - 1]! += deviation * deviation;
      }
    },
  };
}
