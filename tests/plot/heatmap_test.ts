import assert from "node:assert/strict";
import { colorMap } from "../../lib/plot/color_map.ts";
import { centeredScale, colorOf, sequentialScale } from "../../lib/plot/color_scale.ts";
import { type MatrixView, paintHeatmap, shareOut } from "../../lib/plot/heatmap.ts";

const hot = colorMap("hot");

function wholeMatrix(values: Float32Array, rows: number): MatrixView {
  const stride = values.length / rows;
  return { values, rows, stride, columns: { start: 0, end: stride } };
}

/** The colours of a row of pixels, as numbers. */
function colorsOf(pixels: Uint8ClampedArray, width: number, y: number): number[][] {
  return Array.from({ length: width }, (_, x) => {
    const start = 4 * (y * width + x);
    assert.equal(pixels[start + 3], 255, "each pixel is opaque");
    return [...pixels.subarray(start, start + 3)];
  });
}

for (const width of [1, 7, 480, 3600, 10_005, 10_006, 12_000]) {
  Deno.test(`paintHeatmap() shows a single bright feature anywhere among 10,006 on ${width} pixels`, () => {
    const features = 10_006;
    const white = [255, 255, 255];
    const bright = [0, 1, 2, 3, 4999, 5000, 7777, 9999, 10_000, 10_004, 10_005];
    for (const feature of bright) {
      const values = new Float32Array(features);
      values[feature] = 1;
      const scale = sequentialScale(hot, values, 0);
      const pixels = paintHeatmap(wholeMatrix(values, 1), scale, { width, height: 1 });
      const lit = colorsOf(pixels, width, 0).flatMap((color, x) =>
        String(color) === String(white) ? [x] : []
      );
      assert(lit.length > 0, `feature ${feature} cannot be seen`);
      for (const x of lit) { // and is where it belongs
        assert((x + 1) * features / width > feature && x * features / width < feature + 1);
      }
    }
  });
}

Deno.test("paintHeatmap() draws the strongest of the features that share a pixel", () => {
  const values = Float32Array.of(0.2, 0.9, -5, 0.1);
  const scale = sequentialScale(hot, [0, 1], 0);
  const pixels = paintHeatmap(wholeMatrix(values, 1), scale, { width: 2, height: 1 });
  assert.deepEqual(colorsOf(pixels, 2, 0), [colorOf(scale, 0.9), colorOf(scale, 0.1)]);
});

Deno.test("paintHeatmap() of a centred scale draws a strong negative over a weak positive", () => {
  const values = Float32Array.of(0.2, -0.9, 0.5, 0.1);
  const scale = centeredScale(colorMap("RdBu_r"), values);
  const pixels = paintHeatmap(wholeMatrix(values, 1), scale, { width: 2, height: 1 });
  assert.deepEqual(colorsOf(pixels, 2, 0), [
    colorOf(scale, values[1]!),
    colorOf(scale, values[2]!),
  ]);
});

Deno.test("paintHeatmap() gives each cell its share of the pixels", () => {
  const values = Float32Array.of(0, 0.5, 1, 0.25, 0.75, 0);
  const scale = sequentialScale(hot, values, 0);
  const pixels = paintHeatmap(wholeMatrix(values, 2), scale, { width: 6, height: 5 });
  const row = (...cells: number[]) => cells.flatMap((v) => [colorOf(scale, v), colorOf(scale, v)]);
  for (const y of [0, 1]) assert.deepEqual(colorsOf(pixels, 6, y), row(0, 0.5, 1));
  for (const y of [3, 4]) assert.deepEqual(colorsOf(pixels, 6, y), row(0.25, 0.75, 0));
});

Deno.test("paintHeatmap() draws the columns asked for, in their order", () => {
  const values = Float32Array.of(0, 0.5, 1, 0.25);
  const scale = sequentialScale(hot, values, 0);
  const view = { values, rows: 1, stride: 4, columns: [2, 0] };
  const pixels = paintHeatmap(view, scale, { width: 2, height: 1 });
  assert.deepEqual(colorsOf(pixels, 2, 0), [colorOf(scale, 1), colorOf(scale, 0)]);
});

Deno.test("paintHeatmap() draws the strongest of the rows that share a pixel, too", () => {
  const values = Float32Array.of(0, 0, 1, 0);
  const scale = sequentialScale(hot, values, 0);
  const pixels = paintHeatmap(wholeMatrix(values, 4), scale, { width: 1, height: 2 });
  assert.deepEqual(colorsOf(pixels, 1, 0), [colorOf(scale, 0)]);
  assert.deepEqual(colorsOf(pixels, 1, 1), [colorOf(scale, 1)]);
});

Deno.test("shareOut() leaves no cell out, whatever the numbers", () => {
  for (const cells of [1, 2, 3, 10, 97, 100]) {
    for (const pixels of [1, 2, 3, 9, 50, 99, 100, 101, 250]) {
      const shares = shareOut(cells, pixels);
      assert.equal(shares.length, pixels);
      const seen = new Set(
        shares.flatMap(({ start, end }) =>
          Array.from({ length: end - start }, (_, i) => start + i)
        ),
      );
      assert.deepEqual([...seen].sort((a, b) => a - b), [...Array(cells).keys()]);
    }
  }
});
