import assert from "node:assert/strict";
import { FONT_FAMILY } from "../../lib/plot/canvas.ts";
import { familiesOf, lackingLetters } from "../../lib/plot/fonts.ts";
import type { Figure } from "../../lib/plot/figure.ts";
import { text, textWidth } from "../../lib/plot/text.ts";
import { pixelsOf } from "../support/figures.ts";

const PRINT = { size: 20 };

for (
  const name of [
    "Birth Date",
    "Ñandú Ångström Łódź",
    "Ημερομηνία γέννησης",
    "Дата рождения",
    "تاريخ",
  ]
) {
  Deno.test(`${name} needs no font but the usual one`, () => {
    assert.deepEqual(familiesOf(name), [FONT_FAMILY]);
    assert.deepEqual(lackingLetters([name]), []);
  });
}

for (const name of ["出生城市", "勤務先のカナ", "直轄縣學", "출생 도시", "नियोक्ता", "Ort 城市 x"]) {
  Deno.test(`${name} is drawn with a font that has its letters`, () => {
    assert.deepEqual(lackingLetters([name]), []);
    const [usual, ...others] = familiesOf(name);
    assert.equal(usual, FONT_FAMILY);
    assert(others.length > 0);
  });
}

Deno.test("lackingLetters() names each letter once, in order, and nothing that has no ink", () => {
  assert.deepEqual(lackingLetters(["work 🏢 city 🏢", "x\u200d\ufe0f\n\t ", "🎓城"]), ["🏢", "🎓"]);
});

Deno.test("lackingLetters() takes no letter for another that is drawn as a box", () => {
  assert.deepEqual(lackingLetters(["□▯☐"]), []);
});

/** The ink of a line, as the pixels of its picture. */
async function inkOf(
  line: string,
  weight: "normal" | "bold" = "normal",
): Promise<Uint8ClampedArray> {
  const marks = [text(line, { ...PRINT, weight, x: 5, y: 5 })];
  const figure: Figure = { title: line, width: 100, height: 30, marks };
  return (await pixelsOf(figure, 72)).data;
}

const darkness = (data: Uint8ClampedArray) => data.reduce((sum, level) => sum + 255 - level, 0);

Deno.test("names of letters that a font has do not look alike", async () => {
  assert.notDeepEqual(await inkOf("出生"), await inkOf("大学"));
  assert.notDeepEqual(await inkOf("한국"), await inkOf("전공"));
});

Deno.test("bold letters are bolder, and normal ones not the thinnest that the font has", async () => {
  const [normal, bold] = [darkness(await inkOf("出生")), darkness(await inkOf("出生", "bold"))];
  assert(bold > 1.2 * normal, `${bold} ${normal}`);
  const latin = darkness(await inkOf("HH"));
  assert(normal > latin, "many strokes are darker than few, unless they are hairlines");
});

Deno.test("the width of a Chinese line is that of its letters, which are as wide as they are high", () => {
  assert(Math.abs(textWidth("出生城市", PRINT) - 4 * PRINT.size) < 0.5);
});
