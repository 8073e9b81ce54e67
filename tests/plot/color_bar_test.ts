import assert from "node:assert/strict";
import { colorBar } from "../../lib/plot/color_bar.ts";
import { colorMap } from "../../lib/plot/color_map.ts";
import { sequentialScale } from "../../lib/plot/color_scale.ts";
import { contains } from "../../lib/plot/box.ts";
import { textBox } from "../../lib/plot/text.ts";

const hot = colorMap("hot");
const SIZE = { height: 300, size: 10 };

function draw(values: number[], { low, title = "Mean Activation" }: {
  low?: number;
  title?: string;
} = {}) {
  const bar = colorBar(sequentialScale(hot, values, low), title, SIZE);
  const marks = bar.marks({ x: 10, y: 20, width: bar.width, height: 300 });
  const texts = marks.filter((mark) => mark.kind === "text");
  return { bar, marks, texts, words: texts.map(({ text }) => text) };
}

Deno.test("colorBar() has round numbers at their places, and a title", () => {
  const { words, texts } = draw([0, 1], { low: 0 });
  assert.deepEqual(words.slice(0, -1).at(0), "0.0");
  assert.deepEqual(words.slice(0, -1).at(-1), "1.0");
  assert.equal(words.at(-1), "Mean Activation");
  const middle = (i: number) => textBox(texts[i]!).y + textBox(texts[i]!).height / 2;
  assert(Math.abs(middle(0) - 320) < 1e-6, "the least at the bottom");
  assert(Math.abs(middle(words.length - 2) - 20) < 1e-6, "the greatest on top");
});

Deno.test("colorBar() whose scale clips ends in an arrow and says what is clipped", () => {
  const { words, marks } = draw([-1.5, 2], { low: 0 });
  assert.equal(marks.filter(({ kind }) => kind === "polygon").length, 1);
  assert.equal(words[0], "≤ 0.0");
  assert(
    words.join(" ").endsWith("Mean Activation (less than 0.0 is drawn as 0.0; least: −1.5)"),
    words.join(" "),
  );
});

Deno.test("colorBar() whose scale does not clip has no arrow", () => {
  const { words, marks } = draw([-1.5, 2]);
  assert.equal(marks.filter(({ kind }) => kind === "polygon").length, 0);
  assert(words.includes("−1.5"));
  assert(!words.join().includes("≤"));
});

Deno.test("colorBar() stays within the width that it says it needs", () => {
  for (const high of [1e-7, 0.5, 3, 123_456]) {
    const { bar, texts } = draw([-high / 3, high], { low: 0 });
    const room = { x: 10, y: 0, width: bar.width + 1e-6, height: 340 };
    for (const mark of texts) assert(contains(room, textBox(mark)), mark.text);
  }
});

Deno.test("colorBar() without a title is narrower", () => {
  assert(draw([0, 1], { title: "" }).bar.width < draw([0, 1]).bar.width);
  assert(!draw([0, 1], { title: "" }).words.includes(""));
});

Deno.test("colorBar() has the map's last colour on top", () => {
  const raster = draw([0, 1]).marks.find((mark) => mark.kind === "raster")!;
  const pixels = raster.paint(1, 256);
  assert.deepEqual([...pixels.subarray(0, 3)], [255, 255, 255]);
  assert.deepEqual([...pixels.subarray(4 * 255, 4 * 255 + 3)], [11, 0, 0]);
});
