/**
 * Hidden states as the columns of features: their own numbers, and how far they go into directions.
 *
 * @module
 */
import type { Rows } from "../files/rows.ts";
import { columnRuns, type FeatureColumns } from "../sae/encode/columns.ts";

/** How many states are read at a time. */
const ROWS_AT_ONCE = 256;
/** Hands rows over column by column, some at a time. */
export async function turnedRows(
  rows: Rows,
  take: (columns: FeatureColumns) => Promise<void>,
): Promise<void> {
  const { count: questions, width } = rows;
  for (const { first, count } of columnRuns(width, questions)) {
    const values = new Float32Array(count * questions);
    for (let start = 0; start < questions; start += ROWS_AT_ONCE) {
      const some = rows.read(start, Math.min(ROWS_AT_ONCE, questions - start));
      for (let row = 0, at = first; at < some.length; row++, at += width) {
        for (let i = 0; i < count; i++) values[i * questions + start + row] = some[at + i]!;
      }
    }
    await take({ first, count, questions, values });
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
      for (let row = 0; row * width < some.length; row++) {
        let sum = 0;
        for (let k = 0; k < width; k++) {
          sum += directions[group * width + k]! * some[row * width + k]!;
        }
        column[start + row] = sum;
      }
    });
  }
  return columns;
}
