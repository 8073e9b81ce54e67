import assert from "node:assert/strict";
import { nameColumns, nameRows, outline } from "../../lib/plot/axes.ts";
import { contains } from "../../lib/plot/box.ts";
import type { Mark, TextMark } from "../../lib/plot/figure.ts";
import { textBox } from "../../lib/plot/text.ts";

const PRINT = { size: 10 };
const BOX = { x: 100, y: 50, width: 300, height: 120 };
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `Name ${i}`);
const texts = (marks: Mark[]): TextMark[] => marks.filter((mark) => mark.kind === "text");

Deno.test("nameRows() writes each name left of its row", () => {
  const axis = nameRows(numbered(4), PRINT, { height: BOX.height, reach: 90 });
  const names = texts(axis.marks(BOX));
  assert.deepEqual(names.map(({ text }) => text), numbered(4));
  names.forEach((name, row) => {
    const { x, y, width, height } = textBox(name);
    assert(x + width < BOX.x && x >= BOX.x - axis.reach - 1e-9);
    assert(Math.abs(y + height / 2 - (BOX.y + (row + 0.5) * 30)) < 1e-6);
  });
});

Deno.test("nameRows() breaks a long name into lines within its row, and shortens a longer one", () => {
  const names = ["The city in which one was born", "Wirtschaftswissenschaften"];
  const axis = nameRows(names, PRINT, { height: BOX.height, reach: 80 });
  assert(axis.reach <= 80);
  const lines = texts(axis.marks(BOX));
  assert.equal(lines.slice(0, -1).map(({ text }) => text).join(" "), names[0]);
  assert.match(lines.at(-1)!.text, /^Wirtsch\w*…$/);
});

Deno.test("nameRows() of rows too thin for print names only some, in small print", () => {
  const axis = nameRows(numbered(60), PRINT, { height: BOX.height, reach: 90 });
  const names = texts(axis.marks(BOX));
  assert(names.length < 60 && names.length > 5);
  assert(names[0]!.size >= 6);
});

Deno.test("nameColumns() writes names side by side if they fit", () => {
  const axis = nameColumns([{ text: "S0" }, { text: "S1", color: "#ff0000" }], PRINT, BOX.width);
  const names = texts(axis.marks(BOX));
  assert.deepEqual(names.map(({ turned }) => turned), [false, false]);
  assert.deepEqual(names.map(({ color }) => color), ["#000000", "#ff0000"]);
  const room = { ...BOX, y: BOX.y + BOX.height, height: axis.reach };
  for (const name of names) assert(contains(room, textBox(name)));
});

Deno.test("nameColumns() turns names that do not fit, and says how much room they need", () => {
  const axis = nameColumns(numbered(20).map((text) => ({ text })), PRINT, BOX.width);
  const names = texts(axis.marks(BOX));
  assert.equal(names.length, 20);
  const room = { ...BOX, y: BOX.y + BOX.height, height: axis.reach + 1e-9 };
  for (const name of names) {
    assert(name.turned);
    assert(contains(room, textBox(name)));
  }
});

Deno.test("nameColumns() leaves names out rather than let them overlap", () => {
  const axis = nameColumns(numbered(100).map((text) => ({ text })), PRINT, BOX.width);
  const names = texts(axis.marks(BOX));
  assert.deepEqual(names.slice(0, 2).map(({ text }) => text), ["Name 0", "Name 4"]);
});

Deno.test("outline() runs outside the box, so that it hides nothing in it", () => {
  const mark = outline(BOX, { width: 2 });
  assert(mark.kind === "rectangle");
  assert.deepEqual(mark.box, { x: 99, y: 49, width: 302, height: 122 });
});
