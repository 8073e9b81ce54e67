import assert from "node:assert/strict";
import { topFreeFeatures } from "../../lib/pictures/top_features.ts";
import { cellCenter, findText, pixelsOf, rasterBoxes, wordsOf } from "../support/figures.ts";
import { layerPicture, noise, RELATIONS } from "../support/layer_pictures.ts";

Deno.test("topFreeFeatures() is 14 by 6 inches, with the reference's title and labels", () => {
  const picture = layerPicture(noise, { free: 160 });
  const figure = topFreeFeatures(picture, { count: 50, rank: "mean" });
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

Deno.test("topFreeFeatures() shows features by their mean, if asked to, slots left out", async () => {
  // Feature 3 has the highest mean, then 7; slot 11 would be the first of all.
  const picture = layerPicture(
    (row, column) => ({ 3: 4, 7: 3, 11: 9 })[column] ?? (row === 1 ? 1 : 0),
    { free: 10, slots: 6 },
  );
  const figure = topFreeFeatures(picture, { count: 2, rank: "mean", reference: true });
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
  const picture = layerPicture(noise, { free: 4 });
  const figure = topFreeFeatures(picture, { count: 50, rank: "mean" });
  const caption = wordsOf(figure).join(" ");
  assert(caption.includes("50 were asked for and 4 are shown: the SAE has 4 free features"));
  findText(figure, "Layer 6: All 4 Free Features by Relation, Most Active First");
  assert.equal(wordsOf(figure).filter((word) => /^F\d$/.test(word)).length, 4);
});

Deno.test("topFreeFeatures() in AlignSAE's colours begins at zero, or at the least value below", () => {
  const lowest = (value: number) => {
    const picture = layerPicture((row, column) => row === 0 && column === 0 ? value : 1);
    const figure = topFreeFeatures(picture, { count: 50, reference: true });
    const numbers = wordsOf(figure).filter((word) => /^−?\d\.\d+$/.test(word));
    return Math.min(...numbers.map((number) => Number(number.replace("−", "-"))));
  };
  assert.equal(lowest(0.5), 0);
  assert.equal(lowest(-1), -1);
});

Deno.test("topFreeFeatures() shows each relation's strongest features, which the mean may hide", () => {
  // Feature 10 r + i is the i-th of relation r, and negative elsewhere; 60 to 119 are weak everywhere.
  const picture = layerPicture(
    (row, column) => column >= 60 ? 1 : Math.floor(column / 10) === row ? 3 - column % 10 / 10 : -3,
    { free: 120 },
  );
  const names = (rank: "relation" | "mean") =>
    wordsOf(topFreeFeatures(picture, { count: 48, rank })).filter((word) => /^F\d+$/.test(word));
  const expected = RELATIONS.flatMap((_, row) =>
    Array.from({ length: 8 }, (_, i) => `F${10 * row + i}`)
  );
  assert.deepEqual(names("relation"), expected, "eight of each relation, in its order");
  assert(names("mean").every((name) => Number(name.slice(1)) >= 60));
});

Deno.test("topFreeFeatures() says how the features were chosen, and never by which option", () => {
  const picture = layerPicture(noise, { free: 160 });
  const caption = (rank: "relation" | "mean") =>
    wordsOf(topFreeFeatures(picture, { count: 50, rank })).join(" ");
  assert.match(
    caption("relation"),
    /of every relation the \d+ strongest free features and the \d+/,
  );
  assert.match(caption("mean"), /ranked by the mean over the relations, as AlignSAE's script does/);
  for (const rank of ["relation", "mean"] as const) assert(!caption(rank).includes("--"));
});

Deno.test("topFreeFeatures() leaves out features that are zero everywhere, and says how many", () => {
  const picture = layerPicture((row, column) => column % 4 === 0 ? row + 1 : 0, { free: 40 });
  const figure = topFreeFeatures(picture, { count: 50 });
  assert.equal(wordsOf(figure).filter((word) => /^F\d+$/.test(word)).length, 10);
  assert(wordsOf(figure).join(" ").includes("of 40 free features 30 are zero everywhere"));
});

Deno.test("topFreeFeatures() names short relations above their features, and cuts no name to a letter", () => {
  const relations = ["1", "de", "university", "NY", "x", "employer"];
  const own = (row: number, column: number) => Number(column % 6 === row);
  const figure = topFreeFeatures(layerPicture(own, { free: 24, relations }), { count: 24 });
  const words = wordsOf(figure);
  for (const name of ["1", "de", "NY", "x"]) {
    assert.equal(
      words.filter((word) => word === name).length,
      2,
      `${name}: its row and its bracket`,
    );
  }
  const cut = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"].map((name) => name.repeat(9));
  const narrow = topFreeFeatures(layerPicture(own, { free: 200, relations: cut }), { count: 200 });
  assert(wordsOf(narrow).every((word) => !/^.?…$/u.test(word)));
});

Deno.test("topFreeFeatures() of features that are all zero says so, and gives none to a relation", () => {
  const figure = topFreeFeatures(layerPicture(() => 0, { free: 60 }), { count: 50 });
  const words = wordsOf(figure);
  assert.equal(words.filter((word) => RELATIONS.some((name) => name === word)).length, 6);
  assert.match(words.join(" "), /all 60 free features are zero everywhere/);
  assert.doesNotMatch(words.join(" "), /not zero everywhere|strongest for/);
});
