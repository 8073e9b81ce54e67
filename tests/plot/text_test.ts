import assert from "node:assert/strict";
import { setFont, skia } from "../../lib/plot/canvas.ts";
import {
  shorten,
  text,
  textBox,
  textHeight,
  textLines,
  textWidth,
  wrap,
} from "../../lib/plot/text.ts";

const PRINT = { size: 10 };

Deno.test("textWidth() grows with the size and the weight", () => {
  const width = textWidth("Birth Date", PRINT);
  assert(width > 0);
  assert(Math.abs(textWidth("Birth Date", { size: 20 }) - 2 * width) < 1e-6);
  assert(textWidth("Birth Date", { size: 10, weight: "bold" }) > width);
});

Deno.test("textBox() holds all the ink of a line, turned or not", () => {
  for (const turned of [false, true]) {
    for (const align of ["start", "middle", "end"] as const) {
      const mark = text("hgjpqy|Wf−0.97", { x: 150, y: 150, size: 20, align, turned });
      const { x, y, width, height } = textBox(mark);
      const canvas = skia.createCanvas(300, 300);
      const context = canvas.getContext("2d");
      context.translate(mark.x, mark.y);
      if (turned) context.rotate(-Math.PI / 2);
      setFont(context, mark);
      context.textAlign = align === "middle" ? "center" : align;
      context.fillText(mark.text, 0, 0);
      const { data } = context.getImageData(0, 0, 300, 300);
      let inked = 0;
      for (let pixel = 0; pixel < 300 * 300; pixel++) {
        if (data[4 * pixel + 3]! < 128) continue;
        inked++;
        const [column, row] = [pixel % 300, Math.floor(pixel / 300)];
        const slack = 1; // of the pixel that a side runs through
        assert(column >= x - slack && column + 1 <= x + width + slack, `${column} ${x} ${width}`);
        assert(row >= y - slack && row + 1 <= y + height + slack, `${row} ${y}`);
      }
      assert(inked > 100);
    }
  }
});

Deno.test("text() places the top, the middle or the bottom of its box", () => {
  const box = (across: "top" | "middle" | "bottom") =>
    textBox(text("Major", { ...PRINT, x: 0, y: 50, across }));
  assert(Math.abs(box("top").y - 50) < 1e-9);
  assert(Math.abs(box("middle").y + box("middle").height / 2 - 50) < 1e-9);
  assert(Math.abs(box("bottom").y + box("bottom").height - 50) < 1e-9);
});

Deno.test("textLines() stand below each other and fill the height that they are said to", () => {
  const boxes = textLines(["one", "two", "three"], { ...PRINT, x: 0, y: 0 }).map(textBox);
  for (const [i, box] of boxes.slice(1).entries()) assert(box.y > boxes[i]!.y + boxes[i]!.height);
  const last = boxes.at(-1)!;
  assert(Math.abs(last.y + last.height - textHeight(3, PRINT)) < 1e-9);
});

Deno.test("shorten() leaves a line that fits and ends others with an ellipsis", () => {
  assert.equal(shorten("Work City", PRINT, 1000), "Work City");
  const short = shorten("A very long relation name", PRINT, 60);
  assert.match(short, /^A very.*…$/);
  assert(textWidth(short, PRINT) <= 60);
  assert.equal(shorten("Work City", PRINT, 1), "…");
});

Deno.test("shorten() does not cut a character in two", () => {
  const short = shorten("😀😀😀😀😀😀", PRINT, 40);
  assert(short.isWellFormed());
});

Deno.test("shorten() keeps a letter and its accents, and the parts of an emoji, together", () => {
  assert.equal(shorten("e\u0301".repeat(50), PRINT, 40).replaceAll("e\u0301", ""), "…");
  const family = "👩‍👩‍👧‍👦";
  assert.equal(shorten(family.repeat(50), PRINT, 200).replaceAll(family, ""), "…");
});

Deno.test("shorten() gives as much of a line as fits", () => {
  const line = "a fairly long name with narrow (illi) and wide (WWMM) letters in it";
  for (let width = 5; width < 300; width += 7.3) {
    const short = shorten(line, PRINT, width);
    assert(short === "…" || textWidth(short, PRINT) <= width);
    const kept = short.slice(0, -1).length;
    const longer = line.slice(0, kept + 2).trimEnd() + "…";
    assert(textWidth(longer, PRINT) > width, `${longer} would fit, too`);
  }
});

/** Long lines of which each step by one letter would cost as much as the whole. */
const LONG = {
  "letters": "Wi".repeat(500_000),
  "Chinese": "出生城市".repeat(250_000),
  "accents": `e${"\u0301".repeat(1_000_000)}`,
  "letters without width": "\u200b".repeat(1_000_000),
  "emoji": "👩‍👩‍👧‍👦".repeat(100_000),
  "half characters": "\ud83d".repeat(1_000_000),
};
for (const [what, line] of Object.entries(LONG)) {
  Deno.test(`a line of a million ${what} is shortened and broken at once`, () => {
    const start = performance.now();
    for (const short of [shorten(line, PRINT, 100), ...wrap(line, PRINT, { width: 100 })]) {
      assert(short.length <= 2001 && short.isWellFormed());
    }
    assert(performance.now() - start < 5000, "one letter at a time would take hours");
  });
}

Deno.test("wrap() of many words takes a time that grows with their number only", () => {
  const start = performance.now();
  wrap("ab ".repeat(20_000), PRINT, { width: 100, most: 3 });
  assert(performance.now() - start < 5000);
});

Deno.test("text() holds nothing that a font or XML cannot", () => {
  const content = "a\tb\u0000c\ud800d\ufffee\uffff\u202ef";
  assert.equal(text(content, { ...PRINT, x: 0, y: 0 }).text, "a b c\ufffdd\ufffde\ufffdf");
});

Deno.test("wrap() breaks between words, and loses none of them", () => {
  const content = "the residual stream after 6 of 12 blocks, which is the input of block 6";
  const lines = wrap(content, PRINT, { width: 120 });
  assert(lines.length > 2);
  for (const line of lines) assert(textWidth(line, PRINT) <= 120);
  assert.equal(lines.join(" "), content);
});

Deno.test("wrap() makes no more lines than it may", () => {
  const lines = wrap("one two three four five six seven", PRINT, { width: 40, most: 2 });
  assert.equal(lines.length, 2);
  assert.match(lines[1]!, /…$/);
});
