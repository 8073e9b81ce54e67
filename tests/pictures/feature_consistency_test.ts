import assert from "node:assert/strict";
import { featureConsistency } from "../../lib/pictures/feature_consistency.ts";
import type { Figure } from "../../lib/plot/figure.ts";
import { denseActivation } from "../../lib/pictures/dense_activation.ts";
import type { ColorChoice } from "../../lib/pictures/picture_scale.ts";
import { cellCenter, findText, pixelsOf, rasterBoxes, wordsOf } from "../support/figures.ts";
import { layerPicture, RELATIONS } from "../support/layer_pictures.ts";

const share = (row: number, column: number) => ((row * 7 + column * 13) % 31) / 30;

Deno.test("featureConsistency() is 16 by 6 inches, with the reference's title and labels", () => {
  const figure = featureConsistency(layerPicture(share, { free: 160 }), {
    threshold: 0.25,
    rank: "mean",
  });
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

Deno.test("featureConsistency() ranks features and slots together by their mean, if asked to", () => {
  const picture = layerPicture(
    (row, column) => column === 42 ? 1 : column === 5 ? 0.9 : row === 0 ? 0.1 : 0,
    { free: 40, slots: 6 },
  );
  const names = wordsOf(featureConsistency(picture, { threshold: 0.1, rank: "mean" }))
    .filter((word) => /^[FS]\d+$/.test(word));
  assert.deepEqual(names.slice(0, 4), ["S2", "F5", "F0", "F1"]);
  assert.equal(names.length, 46);
});

Deno.test("featureConsistency() shows 100 features of many, each with its name", () => {
  const figure = featureConsistency(layerPicture(share, { free: 1000 }), { threshold: 0.1 });
  assert.equal(wordsOf(figure).filter((word) => /^[FS]\d+$/.test(word)).length, 100);
});

/** The colours of the first two columns of a picture of ten, which hold 0.5 and 0. */
async function colors(choice: ColorChoice): Promise<[string, string]> {
  const picture = layerPicture((row, column) => column === 0 ? 0.5 : row === 1 ? 1 : 0, {
    free: 9,
    slots: 1,
  });
  const figure = featureConsistency(picture, { threshold: 0.1, ...choice });
  const cells = rasterBoxes(figure)[1]!;
  const pixels = await pixelsOf(figure, 72);
  const at = (column: number) => cellCenter(cells, { row: 0, column, rows: 6, columns: 10 });
  return [pixels.at(...at(0)), pixels.at(...at(1))];
}

Deno.test("featureConsistency() in AlignSAE's colours goes in YlOrRd from 0 to 1", async () => {
  const [half, zero] = await colors({ reference: true });
  assert.match(half, /^#fd8[c-d]3[b-d]$/); // its middle
  assert.equal(zero, "#ffffcc");
});

Deno.test("featureConsistency() draws zero as the pictures of activations do", async () => {
  const zeroIn = async (figure: Figure) =>
    (await pixelsOf(figure, 72)).at(
      ...cellCenter(rasterBoxes(figure)[1]!, { row: 0, column: 1, rows: 6, columns: 10 }),
    );
  const picture = layerPicture((row, column) => column === 0 ? -1 : row === 1 ? 2 : 0, {
    free: 10,
  });
  for (const choice of [{}, { colorMap: "PuOr_r" }, { colorMap: "viridis" }] as const) {
    const [, zero] = await colors(choice);
    assert.equal(zero, await zeroIn(denseActivation(picture, choice)), JSON.stringify(choice));
  }
});

Deno.test("featureConsistency() leaves out features that are above the threshold in no question", () => {
  const picture = layerPicture((_, column) => column < 3 ? 0.5 : 0, { free: 40 });
  for (const rank of ["relation", "mean"] as const) {
    const words = wordsOf(featureConsistency(picture, { threshold: 0.1, rank }));
    assert.deepEqual(words.filter((word) => /^[FS]\d+$/.test(word)), ["F0", "F1", "F2"], rank);
  }
});

Deno.test("featureConsistency() shows each relation's own features, together and by name", () => {
  // Features 0 to 119 are fairly consistent everywhere; 120 to 125 always, for one relation each.
  const picture = layerPicture(
    (row, column) => column < 120 ? 0.5 : column - 120 === row ? 1 : 0,
    { free: 126 },
  );
  const figure = featureConsistency(picture, { threshold: 0.1 });
  const names = wordsOf(figure).filter((word) => /^[FS]\d+$/.test(word));
  for (let feature = 120; feature < 126; feature++) assert(names.includes(`F${feature}`));
  assert.equal(wordsOf(figure).filter((word) => word === "Birth Date").length, 2, "row and group");
  const byMean = wordsOf(featureConsistency(picture, { threshold: 0.1, rank: "mean" }));
  assert(!byMean.includes("F120"));
});

Deno.test("featureConsistency() names slots by their relations", () => {
  const picture = { ...layerPicture(share, { free: 10 }), slotNames: RELATIONS };
  findText(featureConsistency(picture, { threshold: 0.1 }), "S3 Major");
});
