/**
 * One row for each prompt of the rows of its tokens: their mean, or the greatest of each number.
 *
 * @module
 */
import type { Rows } from "../files/rows.ts";

/** How states are pooled. */
export type StatePooling = "mean" | "max";

/** How many rows are read at a time. */
const ROWS_AT_ONCE = 1024;

/**
 * Pools rows.
 *
 * @param rows The rows, those of the first prompt before those of the second.
 * @param counts How many rows each prompt has, at least one.
 * @returns float32 `[prompts, width]`; means are summed in float64.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { poolStates, rowsInMemory } from "@coact/coact";
 *
 * const rows = rowsInMemory(Float32Array.of(1, 5, 3, 1, 7, 7), 2);
 * assert.deepEqual([...poolStates(rows, [2, 1], "mean")], [2, 3, 7, 7]);
 * assert.deepEqual([...poolStates(rows, [2, 1], "max")], [3, 5, 7, 7]);
 * ```
 */
export function poolStates(
  rows: Rows,
  counts: readonly number[],
  pooling: StatePooling,
): Float32Array<ArrayBuffer> {
  const { width } = rows;
  const pooled = new Float32Array(counts.length * width);
  const row = new Float64Array(width);
  let chunk = { first: 0, values: new Float32Array(0) };
  let next = 0;
  counts.forEach((count, prompt) => {
    row.fill(pooling === "mean" ? 0 : -Infinity);
    for (let i = 0; i < count; i++, next++) {
      if ((next - chunk.first + 1) * width > chunk.values.length) {
        const some = Math.min(ROWS_AT_ONCE, rows.count - next);
        chunk = { first: next, values: rows.read(next, some) };
      }
      const start = (next - chunk.first) * width;
      for (let j = 0; j < width; j++) {
        const value = chunk.values[start + j]!;
        row[j] = pooling === "mean" ? row[j]! + value : Math.max(row[j]!, value);
      }
    }
    for (let j = 0; j < width; j++) {
      pooled[prompt * width + j] = pooling === "mean" ? row[j]! / count : row[j]!;
    }
  });
  return pooled;
}
