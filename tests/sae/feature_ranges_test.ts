import assert from "node:assert/strict";
import type { FeatureRows } from "../../lib/sae/feature_rows.ts";
import { eachPiece, piecesOf } from "../../lib/sae/feature_ranges.ts";

const [FEATURES, WIDTH] = [5, 3];

/** Rows of the numbers 0, 1 and so on, and what was read and given back of them. */
function counted(way: Partial<FeatureRows> = {}) {
  const log: string[] = [];
  const rows: FeatureRows = {
    width: WIDTH,
    read(first, count) {
      log.push(`${count} rows`);
      const numbers = Float32Array.from({ length: count * WIDTH }, (_, i) => first * WIDTH + i);
      return Promise.resolve(numbers);
    },
    release: () => log.push("back"),
    ...way,
  };
  return { log, rows };
}

const readColumns: FeatureRows["readColumns"] = (range, depth) =>
  Promise.resolve(Float32Array.from({ length: range.count * depth.count }, (_, i) => {
    const [column, row] = [depth.first + Math.floor(i / range.count), i % range.count];
    return (range.first + row) * WIDTH + column;
  }));

Deno.test("eachPiece() shows every number once, in pieces where the file allows it", async () => {
  const seen = async (way: Partial<FeatureRows>) => {
    const { rows, log } = counted(way);
    const numbers: number[] = [];
    let pieces = 0;
    await eachPiece(rows, FEATURES, (some) => {
      pieces++;
      numbers.push(...some);
    }, 4 * 2 * WIDTH);
    assert.deepEqual(numbers.sort((a, b) => a - b), [...Array(FEATURES * WIDTH).keys()]);
    return { pieces, log };
  };
  assert.deepEqual(await seen({}), { pieces: 1, log: ["5 rows", "back"] });
  assert.deepEqual(await seen({ isEvenlyRead: true }), {
    pieces: 3,
    log: ["2 rows", "back", "2 rows", "back", "1 rows", "back"],
  });
  // A column of 5 features and no more fits into 6 numbers.
  assert.deepEqual(await seen({ readColumns }), { pieces: 3, log: [] });
});

Deno.test("piecesOf() are small where a file reads few rows nearly as fast as many", () => {
  const counts = (way: Partial<FeatureRows>) =>
    [...piecesOf(counted(way).rows, FEATURES, 4 * 2 * WIDTH)].map(({ count }) => count);
  assert.deepEqual(counts({}), [5]);
  assert.deepEqual(counts({ isEvenlyRead: true }), [2, 2, 1]);
  assert.deepEqual(counts({ readColumns }), [4, 1]);
});
