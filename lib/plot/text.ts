/**
 * How much room text needs, and what to do if there is less.
 *
 * @module
 */
import { max } from "d3-array";
import { setFont, skia } from "./canvas.ts";
import { familiesOf } from "./fonts.ts";
import type { Box } from "./box.ts";
import { INK, type TextMark } from "./figure.ts";

/** How far the font's letters reach above and below the baseline, in sizes. */
const ASCENT = 0.76;
const DESCENT = 0.24;
/** The distance of baselines, in sizes. */
const LINE_HEIGHT = 1.25;
/** Text is measured this large and scaled, so that hinting has no part in it. */
const MEASURED_SIZE = 100;
const ELLIPSIS = "…";
/** What nearly all texts are, and can be drawn as it is. */
const PLAIN = /^[\u0020-\u007e\u00a0-\u1fff]*$/;
/** How many widths are remembered. */
const MOST_MEASURED = 10_000;
/** No line on any page holds as many letters: more are cut off before they are measured. */
const MOST_LETTERS = 2000;

/** How text looks. */
export interface TextStyle {
  /** The font's size in points. */
  readonly size: number;
  /** The font's weight. Default: normal. */
  readonly weight?: "normal" | "bold";
}

const measuring = skia.createCanvas(1, 1).getContext("2d");
const measured = new Map<string, number>();

/** How wide a line of text is when it is drawn, in points. */
export function textWidth(content: string, { size, weight = "normal" }: TextStyle): number {
  const text = printable(content);
  const key = `${weight} ${text}`;
  let width = measured.get(key);
  if (width === undefined) {
    setFont(measuring, { size: MEASURED_SIZE, weight }, familiesOf(text));
    width = measuring.measureText(text).width / MEASURED_SIZE;
    if (measured.size >= MOST_MEASURED) measured.clear();
    if (key.length <= MOST_LETTERS) measured.set(key, width);
  }
  return width * size;
}

/** How wide the widest of several lines is, in points; 0 of none. */
export function widest(texts: readonly string[], style: TextStyle): number {
  return max(texts, (text) => textWidth(text, style)) ?? 0;
}

/** How high so many lines of text are, in points. */
export function textHeight(lines: number, { size }: TextStyle): number {
  return lines === 0 ? 0 : size * (ASCENT + DESCENT + (lines - 1) * LINE_HEIGHT);
}

/** Where text is, and how it looks. */
export interface TextPlace extends TextStyle {
  /** Where it is from left to right. */
  readonly x: number;
  /** Where it is from top to bottom. */
  readonly y: number;
  /** Which part of its width is at `x`, of turned text at `y`. Default: start. */
  readonly align?: TextMark["align"];
  /** Which part of its height is at `y`, of turned text at `x`. Default: top. */
  readonly across?: "top" | "middle" | "bottom";
  /** Its colour. Default: black. */
  readonly color?: string;
  /** Whether it runs upwards. Default: false. */
  readonly turned?: boolean;
}

/** A line of text. */
export function text(content: string, place: TextPlace): TextMark {
  const { x, y, size, weight = "normal", align = "start", color = INK.text } = place;
  const { across = "top", turned = false } = place;
  const baseline = size * { top: ASCENT, middle: (ASCENT - DESCENT) / 2, bottom: -DESCENT }[across];
  return {
    kind: "text",
    text: printable(content),
    x: turned ? x + baseline : x,
    y: turned ? y : y + baseline,
    align,
    size,
    weight,
    color,
    turned,
  };
}

/**
 * Text that can be drawn, and that XML can hold: control characters, for which no font has a letter,
 * become spaces, half characters and those that Unicode rules out the replacement character; marks
 * that turn the direction of all that follows go.
 */
export function printable(content: string): string {
  if (PLAIN.test(content)) return content;
  return content.toWellFormed().replaceAll(/\p{Cc}+/gu, " ").replaceAll(/[\ufffe\uffff]/g, "\ufffd")
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

/** Several lines of text below each other; `across` is the top, middle or bottom of all of them. */
export function textLines(lines: readonly string[], place: TextPlace): TextMark[] {
  const { across = "top", turned = false, size } = place;
  const height = textHeight(lines.length, place);
  const start = { top: 0, middle: -height / 2, bottom: -height }[across];
  return lines.map((line, i) => {
    const shift = start + i * size * LINE_HEIGHT;
    return text(line, {
      ...place,
      across: "top",
      x: turned ? place.x + shift : place.x,
      y: turned ? place.y : place.y + shift,
    });
  });
}

/** The box that a line of text fills. */
export function textBox({ text, x, y, align, size, weight, turned }: TextMark): Box {
  const length = textWidth(text, { size, weight });
  const before = length * { start: 0, middle: 0.5, end: 1 }[align];
  const height = size * (ASCENT + DESCENT);
  return turned
    ? { x: x - size * ASCENT, y: y - length + before, width: height, height: length }
    : { x: x - before, y: y - size * ASCENT, width: length, height };
}

/** As much of a line as fits, with an ellipsis if that is not all. */
export function shorten(line: string, style: TextStyle, width: number): string {
  if (line.length <= MOST_LETTERS && textWidth(line, style) <= width) return line;
  const letters = [...graphemes.segment(line.slice(0, MOST_LETTERS).toWellFormed())]
    .map(({ segment }) => segment);
  const start = (count: number) => letters.slice(0, count).join("").trimEnd() + ELLIPSIS;
  // A longer start is a wider one, so that the longest that fits is found by halving.
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (textWidth(start(middle), style) <= width) fits = middle;
    else tooLong = middle;
  }
  return start(fits);
}

/** Cuts text where a reader would: not between a letter and its accent, nor within an emoji. */
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Breaks text between words into lines that fit; a word that is too long is shortened.
 *
 * @param most The most lines; what does not fit into them is left out, with an ellipsis.
 */
export function wrap(
  content: string,
  style: TextStyle,
  { width, most = Infinity }: { width: number; most?: number },
): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  let about = 0; // how wide the line is, by its words
  const isPlain = PLAIN.test(content);
  const space = textWidth(" ", style);
  for (const word of content.split(" ")) {
    const longer: string = line === undefined ? word : `${line} ${word}`;
    const isLast = lines.length + 1 >= most;
    const isShort = word.length <= MOST_LETTERS;
    const own = isPlain && isShort && !isLast ? textWidth(word, style) : NaN;
    const wider = line === undefined ? own : about + space + own;
    if (line === undefined || isLast || fits(longer, style, { width, about: wider })) {
      line = longer;
      about = wider;
    } else {
      lines.push(shorten(line, style, width));
      line = word;
      about = own;
    }
  }
  return [...lines, shorten(line!, style, width)];
}

/** The letters at a joint of two words move by less than this, in sizes. */
const KERNING = 0.3;

/**
 * Whether a line fits. It is measured only where the widths of its words leave that open: captions are long,
 * and each measures some thirty starts of lines otherwise.
 *
 * @param about The sum of the widths of words and spaces; NaN if it says nothing.
 */
function fits(
  line: string,
  style: TextStyle,
  { width, about }: { width: number; about: number },
): boolean {
  if (line.length > MOST_LETTERS) return false;
  const open = KERNING * style.size * (1 + line.length / 8);
  if (about < width - open) return true;
  if (about > width + open) return false;
  return textWidth(line, style) <= width;
}
