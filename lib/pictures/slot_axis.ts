/**
 * Slots along the lower side of a heatmap: their numbers, and below them what they were trained for.
 *
 * @module
 */
import { range } from "d3-array";
import { type Axis, nameColumns } from "../plot/axes.ts";
import type { TextMark } from "../plot/figure.ts";
import { textHeight, textLines, type TextStyle, wrap } from "../plot/text.ts";

/** The relation of each slot; undefined where it is not known. */
export type SlotNames = readonly (string | undefined)[];

/** The print of the names, as shares of that of the numbers; the largest that fits is taken. */
const PRINT_SHARES = [1, 0.9, 0.8, 0.7] as const;
/** The smallest print of names, in points. */
const LEAST_SIZE = 6.5;
/** How many lines a name may take. */
const MOST_LINES = 3;
/** Distances in points: of names side by side, and of a name from its number. */
const GAP = { apart: 5, names: 2 } as const;

/** What is written below the slots. */
export interface SlotAxis {
  /** What each slot is called by its number. */
  readonly numbers: readonly string[];
  /** The relations, one for each slot or none at all. */
  readonly names: SlotNames;
  /** The print of the numbers. */
  readonly style: TextStyle;
  /** The colour of all of it. Default: black. */
  readonly color?: string;
}

/**
 * Names slots by number and relation: the relation below the number where that fits, else behind it
 * and both turned.
 *
 * @param width The width of all slots in points.
 */
export function nameSlots({ numbers, names, style, color }: SlotAxis, width: number): Axis {
  const colored = color === undefined ? {} : { color };
  const withNumbers = nameColumns(numbers.map((text) => ({ text, ...colored })), style, width);
  if (names.every((name) => name === undefined)) return withNumbers;
  const fitted = fitNames(numbers.map((_, i) => names[i] ?? ""), style, width / numbers.length);
  const areUpright = withNumbers.reach <= textHeight(1, style) * 2;
  if (fitted === undefined || !areUpright) {
    const both = numbers.map((number, i) => {
      return { text: names[i] === undefined ? number : `${number} ${names[i]}`, ...colored };
    });
    return nameColumns(both, style, width);
  }
  const most = Math.max(...fitted.lines.map((lines) => lines.length));
  return {
    reach: withNumbers.reach + GAP.names + textHeight(most, fitted.style),
    marks: (box) => [
      ...withNumbers.marks(box),
      ...range(numbers.length).flatMap((slot): TextMark[] =>
        textLines(fitted.lines[slot]!, {
          ...fitted.style,
          x: box.x + (slot + 0.5) * box.width / numbers.length,
          y: box.y + box.height + withNumbers.reach + GAP.names,
          align: "middle",
          ...colored,
        })
      ),
    ],
  };
}

/** The names in as many lines as they need, and in the largest print in which none loses a letter. */
function fitNames(
  names: readonly string[],
  style: TextStyle,
  slotWidth: number,
): { lines: string[][]; style: TextStyle } | undefined {
  for (const share of PRINT_SHARES) {
    const size = share * style.size;
    if (size < LEAST_SIZE) break;
    const smaller = { ...style, size };
    const room = { width: slotWidth - GAP.apart, most: MOST_LINES };
    const lines = names.map((name) => name === "" ? [] : wrap(name, smaller, room));
    if (names.every((name, i) => lines[i]!.join(" ") === name)) return { lines, style: smaller };
  }
  return undefined;
}
