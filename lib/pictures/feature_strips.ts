/**
 * The strips of the dense picture, one of free features and one of slots, and the axis below them.
 *
 * @module
 */
import { scaleLinear } from "d3-scale";
import type { FeatureLayout } from "../stats/feature_layout.ts";
import { type Axis, TICK, tick } from "../plot/axes.ts";
import { text, textHeight, textWidth } from "../plot/text.ts";
import { type LayerPicture, SLOT_INK } from "./layer_picture.ts";
import { nameSlots } from "./slot_axis.ts";

/** The print of the features' numbers. */
export const NUMBERS = { size: 10 } as const;
/** The width of the line where the slots start, in points. */
export const SLOT_LINE = 3;
/** The width of a slot in points, and how much of the width all slots may take together. */
const SLOT = { width: 42, mostShare: 0.4 } as const;
/** The slots get a scale of their own only if that makes them so much wider. */
const WORTH_IT = 1.2;
/** The distance of the numbers on the axis of the free features, in points. */
const TICK_DISTANCE = 110;
const LINE_GAP = 2;
const FREE_START = "(Free Features Start)";

/** How the width is shared out, in points. */
export interface Strips {
  /** The width of the free features. */
  free: number;
  /** Where the slots start. */
  slotStart: number;
  /** The width of the slots. */
  slots: number;
  /** How many times as wide as a free feature a slot is. */
  magnification: number;
}

/** Gives the slots the width that they need to be read, if an even share is less. */
export function planStrips({ freeCount, slotCount }: FeatureLayout, width: number): Strips {
  if (slotCount === 0) return { free: width, slotStart: width, slots: 0, magnification: 1 };
  const usable = width - SLOT_LINE;
  const even = usable / (freeCount + slotCount) * slotCount;
  const wide = Math.min(slotCount * SLOT.width, SLOT.mostShare * usable);
  const slots = wide > even * WORTH_IT ? wide : even;
  const free = usable - slots;
  const magnification = slots > even ? (slots / slotCount) / (free / freeCount) : 1;
  return { free, slotStart: free + SLOT_LINE, slots, magnification };
}

/** The features' numbers below the strips, and what starts and ends where. */
export function featureAxis(
  { kind, layout: { freeCount, slotCount }, slotNames = [] }: LayerPicture,
  strips: Strips,
): Axis {
  const last = freeCount + slotCount - 1;
  const slots = slotCount === 0 ? undefined : nameSlots({
    numbers: Array.from({ length: slotCount }, (_, i) => String(freeCount + i)),
    names: slotNames,
    style: NUMBERS,
    color: SLOT_INK.name,
  }, strips.slots);
  const numbers = Math.max(slots?.reach ?? 0, TICK.length + TICK.gap + textHeight(1, NUMBERS));
  const needed = kind !== "supervised" ? [0, Math.floor(freeCount / 2), last] : [0];
  return {
    reach: kind !== "supervised" ? numbers : numbers + LINE_GAP + textHeight(1, NUMBERS),
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
        ...(textWidth(`${FREE_START} `, NUMBERS) <= strips.free
          ? [text(FREE_START, { ...belowFree, x: box.x })]
          : []),
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
