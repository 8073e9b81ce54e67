import assert from "node:assert/strict";
import { featureConsistency } from "../../../lib/plot/pictures/feature_consistency.ts";
import { cellCenter, findText, pixelsOf, rasterBoxes, wordsOf } from "../../support/figures.ts";
import { layerPicture, RELATIONS } from "../../support/layer_pictures.ts";

const share = (row: number, column: number) => ((row * 7 + column * 13) % 31) / 30;

Deno.test("featureConsistency() is 16 by 6 inches, with the reference's title and labels", () => {
  const figure = featureConsistency(layerPicture(share, { free: 160 }), { threshold: 0.25 });
  assert.deepEqual([figure.width, figure.height], [16 * 72, 6 * 72]);
  for (
    const expected of [
      "Layer 6: Feature Consistency Across Samples",
      "(Values = Fraction of samples where feature activates > 0.25)",
      "Top 100 Most Consistent Features",
      "Consistency (fraction of samples)",
      "Queried Relation",
      ...RELATIONS,
    ]
  ) findText(figure, expected);
});

Deno.test("featureConsistency() ranks features and slots together by their mean", () => {
  const picture = layerPicture(
    (row, column) => column === 42 ? 1 : column === 5 ? 0.9 : row === 0 ? 0.1 : 0,
    { free: 40, slots: 6 },
  );
  const names = wordsOf(featureConsistency(picture, { threshold: 0.1 }))
    .filter((word) => /^[FS]\d+$/.test(word));
  assert.deepEqual(names.slice(0, 4), ["S2", "F5", "F0", "F1"]);
  assert.equal(names.length, 46);
});

Deno.test("featureConsistency() shows 100 features of many, each with its name", () => {
  const figure = featureConsistency(layerPicture(share, { free: 1000 }), { threshold: 0.1 });
  assert.equal(wordsOf(figure).filter((word) => /^[FS]\d+$/.test(word)).length, 100);
});

Deno.test("featureConsistency() goes in YlOrRd from 0 to 1, whatever the values", async () => {
  const picture = layerPicture((_, column) => column === 0 ? 0.5 : 0, { free: 9, slots: 1 });
  const figure = featureConsistency(picture, { threshold: 0.1 });
  const cells = rasterBoxes(figure)[1]!;
  const pixels = await pixelsOf(figure, 72);
  const at = (column: number) => cellCenter(cells, { row: 0, column, rows: 6, columns: 10 });
  assert.match(pixels.at(...at(0)), /^#fd8[c-d]3[b-d]$/); // its middle
  assert.equal(pixels.at(...at(1)), "#ffffcc");
});
