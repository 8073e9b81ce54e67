import assert from "node:assert/strict";
import { topFreeFeatures } from "../../../lib/plot/pictures/top_features.ts";
import { cellCenter, findText, pixelsOf, rasterBoxes, wordsOf } from "../../support/figures.ts";
import { layerPicture, noise, RELATIONS } from "../../support/layer_pictures.ts";

Deno.test("topFreeFeatures() is 14 by 6 inches, with the reference's title and labels", () => {
  const figure = topFreeFeatures(layerPicture(noise, { free: 160 }), { count: 50 });
  assert.deepEqual([figure.width, figure.height], [14 * 72, 6 * 72]);
  for (
    const expected of [
      "Layer 6: Top 50 Most Active Free Features by Relation",
      "Top 50 Free Features (by avg activation)",
      "Queried Relation",
      "Mean Activation",
      ...RELATIONS,
    ]
  ) findText(figure, expected);
});

Deno.test("topFreeFeatures() shows features by their mean, slots left out", async () => {
  // Feature 3 has the highest mean, then 7; slot 11 would be the first of all.
  const picture = layerPicture(
    (row, column) => ({ 3: 4, 7: 3, 11: 9 })[column] ?? (row === 1 ? 1 : 0),
    { free: 10, slots: 6 },
  );
  const figure = topFreeFeatures(picture, { count: 2 });
  const names = wordsOf(figure).filter((word) => /^[FS]\d+$/.test(word));
  assert.deepEqual(names, ["F3", "F7"]);
  const cells = rasterBoxes(figure)[1]!;
  const pixels = await pixelsOf(figure, 72);
  const at = (column: number) => cellCenter(cells, { row: 0, column, rows: 6, columns: 2 });
  assert.equal(pixels.at(...at(0)), "#ffffff");
  assert.equal(pixels.at(...at(1)), "#ffff07", "three quarters up matplotlib's hot");
});

Deno.test("topFreeFeatures() names every feature of 50", () => {
  const figure = topFreeFeatures(layerPicture(noise, { free: 10_000 }), { count: 50 });
  assert.equal(wordsOf(figure).filter((word) => /^F\d+$/.test(word)).length, 50);
});

Deno.test("topFreeFeatures() shows all features if there are fewer, and says so", () => {
  const figure = topFreeFeatures(layerPicture(noise, { free: 4 }), { count: 50 });
  findText(figure, "Layer 6: All 4 Free Features by Relation, Most Active First");
  assert.equal(wordsOf(figure).filter((word) => /^F\d$/.test(word)).length, 4);
});

Deno.test("topFreeFeatures() begins its scale at zero, or at the least value below", () => {
  const lowest = (value: number) => {
    const picture = layerPicture((row, column) => row === 0 && column === 0 ? value : 1);
    const numbers = wordsOf(topFreeFeatures(picture, { count: 50 })).filter((word) =>
      /^−?\d\.\d+$/.test(word)
    );
    return Math.min(...numbers.map((number) => Number(number.replace("−", "-"))));
  };
  assert.equal(lowest(0.5), 0);
  assert.equal(lowest(-1), -1);
});
