/**
 * All features as columns, all relations as rows: `layer{00}_dense_activation_heatmap`.
 *
 * A relation slot would be half a pixel wide beside 10,000 free features, so the slots get a strip
 * of their own after the cyan line, wide enough for their numbers.
 *
 * @module
 */
import { format } from "d3-format";
import { scaleLinear } from "d3-scale";
import { type Axis, nameColumns, outline, TICK, tick } from "../axes.ts";
import type { Box } from "../box.ts";
import { cellNumbers } from "../cell_numbers.ts";
import { type Figure, INK, type Mark } from "../figure.ts";
import { frame } from "../frame.ts";
import { heatmap, type MatrixView } from "../heatmap.ts";
import { panel } from "../panel.ts";
import { text, textHeight, textWidth } from "../text.ts";
import {
  chooseScale,
  type ColorChoice,
  figure,
  inches,
  type LayerPicture,
  scaleNotes,
  withCommas,
} from "./layer_picture.ts";

const SIZE = inches(24, 8);
const TITLE_SIZE = 16;
const CAPTION_SIZE = 10;
const NAMES = { size: 12 } as const;
const TITLES = { size: 14, weight: "bold" } as const;
const NUMBERS = { size: 10 } as const;
const HEADING = { size: 11, weight: "bold" } as const;
/** The width of a slot in points, and how much of the width all slots may take together. */
const SLOT = { width: 42, mostShare: 0.4 } as const;
/** The width of the line where the slots start, in points. */
const SLOT_LINE = 3;
/** The distance of the numbers on the axis of the free features, in points. */
const TICK_DISTANCE = 110;
const LINE_GAP = 2;

/** The dense heatmap of a layer's activation matrix. */
export function denseActivation(picture: LayerPicture, colors: ColorChoice = {}): Figure {
  const { layer, layout, relations, matrix } = picture;
  const { freeCount, slotCount } = layout;
  const scale = chooseScale(matrix, { map: "hot", low: 0 }, colors);
  const title = [`Layer ${layer}: Feature Activation by Queried Relation`, subtitle(picture)];
  const page = (caption: readonly string[]) =>
    frame({ title, titleSize: TITLE_SIZE, caption, captionSize: CAPTION_SIZE }, SIZE);
  const body = (box: Box) =>
    panel({
      rowNames: relations,
      rowTitle: "Queried Relation",
      columnAxis: (width) => featureAxis(picture, planStrips(layout, width)),
      columnTitle: "Feature Index",
      scale,
      valueTitle: "Mean Activation",
      headroom: slotCount > 0 ? textHeight(1, HEADING) + LINE_GAP : 0,
      print: { names: NAMES, titles: TITLES, numbers: NUMBERS },
    }, box);

  const notes = [...picture.caption, ...scaleNotes(matrix, scale)];
  // How wide the strips are hangs on the caption's height only through the rows' names; one
  // caption of the final length settles it.
  const draft = planStrips(layout, body(page([...notes, stripNote(1000)]).box).box.width);
  const { marks, box } = page([
    ...notes,
    ...(freeCount > draft.free
      ? ["where several features share a pixel, the strongest is drawn"]
      : []),
    ...(draft.magnification > 1 ? [stripNote(draft.magnification)] : []),
  ]);
  const inner = body(box);
  const strips = planStrips(layout, inner.box.width);
  const free = { ...inner.box, width: strips.free };
  const slots = { ...inner.box, x: inner.box.x + strips.slotStart, width: strips.slots };
  const rows = { values: matrix, rows: relations.length, stride: freeCount + slotCount };
  const freeView: MatrixView = { ...rows, columns: { start: 0, end: freeCount } };
  const slotView: MatrixView = { ...rows, columns: { start: freeCount, end: rows.stride } };
  return figure(title, SIZE, [
    ...marks,
    ...inner.marks,
    outline(inner.box),
    ...(slotCount === 0 ? [] : [slotLine(inner.box, strips)]),
    heatmap(freeView, scale, free),
    ...(slotCount === 0 ? [] : [
      heatmap(slotView, scale, slots),
      ...cellNumbers(slotView, slots, { scale, format: format(".2f"), size: NUMBERS.size }),
      slotHeading(inner.box, slots),
    ]),
  ]);
}

function subtitle({ kind, layout: { freeCount, slotCount } }: LayerPicture): string {
  return kind === "traditional"
    ? `Traditional SAE: ${withCommas(freeCount)} Hidden Features (No Supervision)`
    : `Supervised 1-to-1 SAE: ${withCommas(freeCount)} Free + ${slotCount} Relation Slots`;
}

function stripNote(magnification: number): string {
  return `the scale changes at the cyan line: a relation slot is drawn ${
    withCommas(Number(magnification.toPrecision(2)))
  } times as wide as a free feature`;
}

/** How the width is shared out, in points. */
interface Strips {
  /** The width of the free features. */
  free: number;
  /** Where the slots start. */
  slotStart: number;
  /** The width of the slots. */
  slots: number;
  /** How many times as wide as a free feature a slot is. */
  magnification: number;
}

function planStrips({ freeCount, slotCount }: LayerPicture["layout"], width: number): Strips {
  if (slotCount === 0) return { free: width, slotStart: width, slots: 0, magnification: 1 };
  const usable = width - SLOT_LINE;
  const even = usable / (freeCount + slotCount) * slotCount;
  const wide = Math.min(slotCount * SLOT.width, SLOT.mostShare * usable);
  const slots = Math.max(even, wide);
  const free = usable - slots;
  const magnification = slots > even ? (slots / slotCount) / (free / freeCount) : 1;
  return { free, slotStart: free + SLOT_LINE, slots, magnification };
}

/** The guide's cyan line where the slots start. */
function slotLine({ x, y, height }: Box, { free, slotStart }: Strips): Mark {
  const middle = x + (free + slotStart) / 2;
  return {
    kind: "line",
    from: [middle, y],
    to: [middle, y + height],
    color: INK.slotLine,
    width: SLOT_LINE,
  };
}

/** Above the slots, and further to the left if it is wider than they are. */
function slotHeading(box: Box, slots: Box): Mark {
  const label = "Relation Slots";
  const isNarrow = textWidth(label, HEADING) > slots.width;
  return text(label, {
    ...HEADING,
    x: isNarrow ? box.x + box.width : slots.x + slots.width / 2,
    y: box.y - LINE_GAP,
    align: isNarrow ? "end" : "middle",
    across: "bottom",
    color: INK.slot,
  });
}

/** The features' numbers, and what starts and ends where. */
function featureAxis(
  { kind, layout: { freeCount, slotCount } }: LayerPicture,
  strips: Strips,
): Axis {
  const last = freeCount + slotCount - 1;
  const slotNames = Array.from({ length: slotCount }, (_, i) => ({
    text: String(freeCount + i),
    color: INK.slot,
  }));
  const slots = slotCount === 0 ? undefined : nameColumns(slotNames, NUMBERS, strips.slots);
  const numbers = Math.max(slots?.reach ?? 0, TICK.length + TICK.gap + textHeight(1, NUMBERS));
  const needed = kind === "traditional" ? [0, Math.floor(freeCount / 2), last] : [0];
  return {
    reach: kind === "traditional" ? numbers : numbers + LINE_GAP + textHeight(1, NUMBERS),
    marks: (box) => {
      const y = box.y + box.height;
      const place = { ...NUMBERS, y: y + TICK.length + TICK.gap };
      const x = (feature: number) => box.x + (feature + 0.5) / freeCount * strips.free;
      const free = ticksThatFit(freeCount, strips.free, needed).flatMap((feature) => [
        tick([x(feature), y], [x(feature), y + TICK.length]),
        text(String(feature), { ...place, x: x(feature), align: "middle" }),
      ]);
      if (slots === undefined) return free;
      const slotBox = { ...box, x: box.x + strips.slotStart, width: strips.slots };
      const second = { ...NUMBERS, y: y + numbers + LINE_GAP };
      const belowFree = { ...NUMBERS, y: place.y + textHeight(1, NUMBERS) + LINE_GAP };
      const start = "(Relation Slots Start)";
      const end = "(End)";
      const hasEnd = textWidth(`${start} ${end}`, NUMBERS) <= slotBox.width;
      return [
        ...free,
        ...slots.marks(slotBox),
        text("(Free Features Start)", { ...belowFree, x: box.x }),
        text(
          start,
          hasEnd ? { ...second, x: slotBox.x } : {
            ...second,
            x: slotBox.x + slotBox.width,
            align: "end",
          },
        ),
        ...(hasEnd ? [text(end, { ...second, x: slotBox.x + slotBox.width, align: "end" })] : []),
      ];
    },
  };
}

/** Round numbers beside the needed ones, none too near to another or to the end. */
function ticksThatFit(freeCount: number, width: number, needed: readonly number[]): number[] {
  const at = (feature: number) => (feature + 0.5) / freeCount * width;
  const room = textWidth(`${freeCount} `, NUMBERS);
  const shown: number[] = [];
  const add = (feature: number, isNeeded: boolean) => {
    const isFree = shown.every((other) => Math.abs(at(other) - at(feature)) >= room);
    if (isFree && (isNeeded || at(feature) + room / 2 <= width)) shown.push(feature);
  };
  for (const feature of needed) add(feature, true);
  const round = scaleLinear().domain([0, freeCount - 1]).ticks(Math.ceil(width / TICK_DISTANCE));
  for (const feature of round.filter(Number.isInteger)) add(feature, false);
  return shown.sort((a, b) => a - b);
}
