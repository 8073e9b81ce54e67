import assert from "node:assert/strict";
import type { Box } from "../../lib/plot/box.ts";
import type { Figure } from "../../lib/plot/figure.ts";
import {
  type SlotsPanel,
  slotsSummary,
  type SummaryOptions,
} from "../../lib/pictures/slots_summary.ts";
import {
  assertLegible,
  cellCenter,
  findText,
  pixelsOf,
  rasterBoxes,
  textsOf,
  wordsOf,
} from "../support/figures.ts";
import { CAPTION, RELATIONS } from "../support/layer_pictures.ts";

/** A layer whose slots are `high` on the diagonal and `low` off it. */
function panel(layer: number, { high = 1, low = 0, isBest = false } = {}): SlotsPanel {
  const means = Float32Array.from({ length: 36 }, (_, i) => i % 7 === 0 ? high : low);
  return { layer, slots: { means, count: 6, summary: `diagonal ${high}`, isBest } };
}

const draw = (panels: readonly SlotsPanel[], options: SummaryOptions = {}) =>
  slotsSummary({ panels, relations: RELATIONS, caption: CAPTION }, options);

Deno.test("slotsSummary() of 12 layers is 20 by 15 inches, three rows of four", () => {
  const figure = draw(Array.from({ length: 12 }, (_, layer) => panel(layer)));
  assert.deepEqual([figure.width, figure.height], [20 * 72, 15 * 72]);
  findText(figure, "Relation Slot Activation Across All Layers");
  findText(figure, "(Rows=Query, Cols=Slot)");
  const titles = Array.from({ length: 12 }, (_, layer) => findText(figure, `Layer ${layer}`));
  assert.equal(new Set(titles.map(({ y }) => y)).size, 3);
  assert.equal(new Set(titles.map(({ x }) => Math.round(x))).size, 4);
  assert.equal(wordsOf(figure).filter((word) => word === "Birth Date").length, 3);
});

Deno.test("slotsSummary() follows the number of layers with its grid", () => {
  const grid = (count: number) => {
    const titles = textsOf(draw(Array.from({ length: count }, (_, layer) => panel(layer))))
      .filter(({ text }) => /^Layer \d+$/.test(text));
    assert.equal(titles.length, count);
    return [
      new Set(titles.map(({ y }) => y)).size,
      new Set(titles.map(({ x }) => Math.round(x))).size,
    ];
  };
  assert.deepEqual(grid(1), [1, 1]);
  assert.deepEqual(grid(3), [1, 3]);
  assert.deepEqual(grid(5), [2, 3]);
  assert.deepEqual(grid(24), [4, 6]);
});

/** The colour of a cell of a panel, above its number. */
async function colorsOf(figure: Figure, box: Box) {
  const pixels = await pixelsOf(figure, 100);
  return (row: number, column: number) =>
    pixels.at(...cellCenter(box, { row: 4 * row, column, rows: 24, columns: 6 }));
}

Deno.test("slotsSummary() draws all layers in one scale, and says so", async () => {
  const figure = draw([panel(0, { high: 0.25 }), panel(1, { high: 1 }), panel(2, { low: -1 })]);
  const boxes = rasterBoxes(figure).filter(({ width }) => width > 100);
  assert.equal(boxes.length, 3);
  const [weak, strong, negative] = await Promise.all(boxes.map((box) => colorsOf(figure, box)));
  assert.equal(strong!(0, 0), "#67001f");
  assert.equal(negative!(0, 1), "#053061");
  assert.match(weak!(0, 0), /^#f[a-e][c-d]/, "a quarter of the greatest is pale");
  assert.equal(weak!(0, 1), strong!(0, 1), "zero is zero");
  assert.equal(rasterBoxes(figure).length, 4, "one colour bar");
  assert(wordsOf(figure).join(" ").includes("one scale for all"));
});

Deno.test("slotsSummary() gives each layer its own scale, if asked to", async () => {
  const figure = draw([panel(0, { high: 0.25 }), panel(1)], { scalePerLayer: true });
  assert.equal(rasterBoxes(figure).length, 4, "two colour bars");
  const [first, , second] = rasterBoxes(figure);
  assert.equal((await colorsOf(figure, first!))(0, 0), "#67001f");
  assert.equal((await colorsOf(figure, second!))(0, 0), "#67001f");
  assert(wordsOf(figure).join(" ").includes("each layer has its own scale, centred on 0"));
});

Deno.test("slotsSummary() shows of a layer without slots the most selective features", () => {
  const features = {
    means: Float32Array.from({ length: 36 }, (_, i) => i % 7 === 0 ? 0.75 : 0),
    indices: [31, 4, 7, 7, 900, 12],
  };
  const alone = draw([{ layer: 0, features }, { layer: 6, features }]);
  findText(alone, "Most Selective Features Across All Layers");
  assert.equal(wordsOf(alone).filter((word) => word === "F900").length, 2);
  assert.equal(wordsOf(alone).filter((word) => word === "0.75").length, 12);
  assertLegible(alone);
  const mixed = draw([panel(0), { layer: 6, features }]);
  findText(mixed, "Relation Slot Activation Across All Layers");
  findText(mixed, "F900");
  assert(wordsOf(mixed).join(" ").includes("a traditional SAE has no relation slots"));
  assertLegible(mixed);
});

Deno.test("slotsSummary() names the slots by their relations", () => {
  const figure = slotsSummary({
    panels: [panel(0), panel(1)],
    relations: RELATIONS,
    slotNames: RELATIONS,
    caption: CAPTION,
  });
  assert.equal(wordsOf(figure).filter((word) => word === "University").length, 3, "row, columns");
  assertLegible(figure);
});

Deno.test("slotsSummary() in AlignSAE's colours goes from 0 to each layer's greatest", async () => {
  const figure = draw(
    [panel(0, { high: 0.5, low: 0.125 }), panel(1, { high: 8, low: -3 })],
    { reference: true },
  );
  const pixels = await pixelsOf(figure, 100);
  // A heatmap and a colour bar for each layer.
  const [first, , second] = rasterBoxes(figure);
  const color = (box: typeof first, row: number, column: number) =>
    pixels.at(...cellCenter(box!, { row: 4 * row, column, rows: 24, columns: 6 }));
  assert.equal(color(first, 0, 0), "#a50026");
  assert.equal(color(second, 0, 0), "#a50026");
  assert.equal(color(second, 0, 1), "#313695", "below 0 is drawn as 0");
  assert.notEqual(color(first, 0, 1), "#313695");
  const words = wordsOf(figure);
  for (const number of ["0.50", "0.13", "8.00", "−3.00"]) assert(words.includes(number), number);
  assert(words.includes("≤ 0"), "the second bar says that it is clipped");
});

Deno.test("slotsSummary() draws a layer all of whose slots are negative", () => {
  assert(wordsOf(draw([panel(0, { high: -1, low: -2 })])).includes("−1.00"));
});

Deno.test("slotsSummary() says why a panel is empty", () => {
  const figure = draw([
    panel(0),
    { layer: 1, note: "No data: no SAE checkpoint" },
    { layer: 2, note: "No data: it cannot be read" },
  ]);
  findText(figure, "No data: no SAE checkpoint");
  findText(figure, "No data: it cannot be read");
});

Deno.test("slotsSummary() frames the best layer, and says what that means", () => {
  const frames = (panels: SlotsPanel[]) =>
    draw(panels).marks.filter((mark) => mark.kind === "rectangle" && mark.strokeWidth === 3);
  assert.equal(frames([panel(0), panel(1, { isBest: true })]).length, 1);
  assert.equal(frames([panel(0), panel(1)]).length, 0);
  const words = wordsOf(draw([panel(0), panel(1, { isBest: true })])).join(" ");
  assert(words.includes("framed: the layer with the largest gap"));
});
