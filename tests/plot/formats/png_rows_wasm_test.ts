import assert from "node:assert/strict";
import { PngRows } from "../../../lib/plot/formats/png_rows_wasm.ts";

const [NONE, UP] = [0, 2];

/** Rows of pixels, RGBA. */
function pixelsOf(rows: readonly (readonly number[])[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(rows.flat()).buffer);
}

/** What is to come of a row: how it is written, then three bytes a pixel. */
function filtered(own: readonly number[], above: readonly number[], how: number): number[] {
  const bytes = own.flatMap((pixel, i) =>
    [0, 8, 16].map((bit) => (pixel >>> bit) - (how === UP ? above[i]! >>> bit : 0) & 0xff)
  );
  return [how, ...bytes];
}

Deno.test("a row is written as differences where fewer than a sixteenth of its pixels are others", () => {
  for (const width of [1, 2, 3, 4, 5, 7, 9, 16, 17, 32, 33, 64]) {
    const above = Array.from({ length: width }, (_, i) => 0x10203 * (i + 1) >>> 0);
    for (const changed of [0, 1, 2, 3, 4].filter((each) => each <= width)) {
      const own = above.map((pixel, i) => i < changed ? (pixel ^ 0xff00ff) >>> 0 : pixel);
      using rows = new PngRows(width, 2);
      const found = rows.filter(pixelsOf([above, own]));
      const how = 16 * changed < width ? UP : NONE;
      assert.deepEqual([...found.subarray(rows.rowLength)], filtered(own, above, how));
    }
  }
});

Deno.test("the row above the first is 0, also where another picture was before, and goes over to the next rows", () => {
  const [some, like] = [[5, 6, 7, 8, 9], [0, 0, 0, 0, 0]];
  {
    using before = new PngRows(5, 2);
    before.filter(pixelsOf([some, some]));
  }
  using rows = new PngRows(5, 1);
  assert.deepEqual([...rows.filter(pixelsOf([like]))], filtered(like, like, UP));
  assert.deepEqual([...rows.filter(pixelsOf([some]))], filtered(some, like, NONE));
  assert.deepEqual([...rows.filter(pixelsOf([some]))], filtered(some, some, UP));
});
