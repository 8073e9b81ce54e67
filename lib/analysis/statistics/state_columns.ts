/**
 * Hidden states as the columns of features: their own numbers, and how far they go into directions.
 *
 * @module
 */
import type { Rows } from "../../files/rows.ts";
import {
  ColumnPieces,
  type ColumnRoom,
  columnRuns,
  type FeatureColumns,
} from "../../sae/encode/columns.ts";

/** How many states are read at a time: few enough that a core's cache holds them. */
const ROWS_AT_ONCE = 128;

/**
 * Hands rows over column by column, some at a time.
 *
 * @param room Gives room for so many numbers. Default: new memory.
 */
export async function turnedRows(
  rows: Rows,
  take: (columns: FeatureColumns) => Promise<void>,
  room?: ColumnRoom,
): Promise<void> {
  const { count: questions, width } = rows;
  for (const run of columnRuns(width, questions)) {
    const { pieces } = new ColumnPieces(run, questions, room);
    for (let start = 0; start < questions; start += ROWS_AT_ONCE) {
      const some = rows.read(start, Math.min(ROWS_AT_ONCE, questions - start));
      for (const piece of pieces) turnInto(piece, start, { rows: some, width });
    }
    for (const piece of pieces) await take(piece);
  }
}

/** Writes what some rows, `[count, width]`, have in the columns of a piece, from a question on. */
function turnInto(
  { first, count, questions, values }: FeatureColumns,
  start: number,
  { rows, width }: { rows: Float32Array; width: number },
): void {
  for (let i = 0; i < count; i++) {
    // The rows that a column is read of are in the caches still when the next one is.
    let to = i * questions + start;
    for (let at = first + i; at < rows.length; at += width) values[to++] = rows[at]!;
  }
}

/** How far each row goes into each direction: sums in float64, rounded at the end. */
export function projectedRows(
  rows: Rows,
  directions: Float32Array,
): Float32Array<ArrayBuffer>[] {
  const { count, width } = rows;
  const columns = Array.from(
    { length: directions.length / width },
    () => new Float32Array(count),
  );
  for (let start = 0; start < count; start += ROWS_AT_ONCE) {
    const some = rows.read(start, Math.min(ROWS_AT_ONCE, count - start));
    columns.forEach((column, group) => {
      const direction = directions.subarray(group * width, (group + 1) * width);
      project(some, direction, column.subarray(start));
    });
  }
  return columns;
}

/** Four rows at a time: each sum waits for itself alone. */
function project(rows: Float32Array, direction: Float32Array, into: Float32Array): void {
  const width = direction.length;
  const count = rows.length / width;
  for (let row = 0; row < count; row += 4) {
    const first = row * width;
    // Past the last row, the last is taken again.
    const second = Math.min(row + 1, count - 1) * width;
    const third = Math.min(row + 2, count - 1) * width;
    const fourth = Math.min(row + 3, count - 1) * width;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    let sum4 = 0;
    for (let k = 0; k < width; k++) {
      const each = direction[k]!;
      sum1 += each * rows[first + k]!;
      sum2 += each * rows[second + k]!;
      sum3 += each * rows[third + k]!;
      sum4 += each * rows[fourth + k]!;
    }
    const sums = [sum1, sum2, sum3, sum4];
    for (let i = 0; i < 4 && row + i < count; i++) into[row + i] = sums[i]!;
  }
}
