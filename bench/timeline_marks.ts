/**
 * What a timeline is drawn of: phases, threads, cores in use.
 *
 * @module
 */
import type { WorkKind } from "../lib/base/work_log.ts";
import { outline } from "../lib/plot/axes.ts";
import type { Box } from "../lib/plot/box.ts";
import type { Mark } from "../lib/plot/figure.ts";
import { numbersAtLeft, numbersWidth, type Plane, planeOf } from "../lib/plot/number_axis.ts";
import { shorten, text } from "../lib/plot/text.ts";
import type { CoreUse, ThreadRow } from "./timeline_rows.ts";

/** A phase of the analysis, in seconds from the beginning. */
export interface Phase {
  /** Its name. */
  readonly name: string;
  /** When it began. */
  readonly start: number;
  /** When it ended. */
  readonly end: number;
}

/** The kinds of work in the order of the legend, with colours that most people tell apart. */
export const WORK_COLORS: Readonly<Record<WorkKind, string>> = {
  "language model": "#4477aa",
  read: "#ccbb44",
  hash: "#ee7733",
  encode: "#228833",
  check: "#aa3377",
  statistics: "#66ccee",
  pictures: "#ee6677",
  write: "#777777",
  start: "#c4c4c4",
};

/** The print of names and shares. */
export const PRINT = { size: 8.5 } as const;
/** The print of the numbers along an axis. */
export const NUMBERS = { size: 8 } as const;
/** How high the strip of the phases is, in points. */
export const PHASES_HEIGHT = 15;
/** How far a name stands from what it names, in points. */
export const LABEL_GAP = 8;
const LANE = { height: 11, gap: 1.5 } as const;
const ROW_GAP = 7;
const PHASE = { size: 7.5 } as const;
const SHADES = ["#eef1f4", "#e2e6ea"] as const;
const SEPARATOR = "#cfd4d9";
const CORES = "#8a94a0";
/** A name of a phase that is cut has at least so many letters. */
const LEAST_LABEL = 7;
/** No bar is narrower, in points. */
const LEAST_BAR = 0.4;

/** How high the row of a thread is, in points. */
export function rowHeight({ lanes }: ThreadRow): number {
  return ROW_GAP + lanes * LANE.height + (lanes - 1) * LANE.gap;
}

/** A phase: a shade, its name if there is room, and a line through all rows where it begins. */
export function phaseMarks(
  { name, start, end }: Phase,
  index: number,
  { plot, plane }: { plot: Box; plane: Plane },
): Mark[] {
  const x = plane.x(start);
  const width = plane.x(end) - x;
  const label = shorten(name, PHASE, width - 4);
  return [
    {
      kind: "rectangle",
      box: { ...plot, x, width, height: PHASES_HEIGHT },
      fill: SHADES[index % SHADES.length]!,
    },
    ...(label !== name && label.length < LEAST_LABEL ? [] : [text(label, {
      ...PHASE,
      x: x + width / 2,
      y: plot.y + PHASES_HEIGHT / 2,
      align: "middle",
      across: "middle",
    })]),
    line([x, plot.y], [x, plot.y + plot.height]),
  ];
}

/** A thread: a line above it, and its bars. */
export function rowMarks({ bars }: ThreadRow, box: Box, plane: Plane): Mark[] {
  return [
    line([box.x, box.y], [box.x + box.width, box.y]),
    ...bars.map(({ kind, start, end, lane }): Mark => {
      const x = plane.x(start);
      return {
        kind: "rectangle",
        box: {
          x,
          y: box.y + ROW_GAP / 2 + lane * (LANE.height + LANE.gap),
          width: Math.max(LEAST_BAR, plane.x(end) - x),
          height: LANE.height,
        },
        fill: WORK_COLORS[kind],
      };
    }),
  ];
}

/** The cores in use over time, with their numbers and name at the left. */
export function coreMarks(
  { use, seconds }: { use: readonly CoreUse[]; seconds: number },
  box: Box,
  cores: number,
): Mark[] {
  const axis = { domain: [0, cores], count: Math.min(cores, 3) } as const;
  const plane = planeOf(box, { x: { domain: [0, seconds], count: 1 }, y: axis });
  const y = (value: number) => plane.y(Math.min(cores, value));
  const steps = use.flatMap(({ start, end, cores }): [number, number][] => [
    [plane.x(start), y(cores)],
    [plane.x(Math.min(end, seconds)), y(cores)],
  ]);
  const points: [number, number][] = [
    [steps[0]![0], y(0)],
    ...steps,
    [steps.at(-1)![0], y(0)],
  ];
  return [
    ...numbersAtLeft(axis, box, NUMBERS),
    { kind: "polygon", points, fill: CORES, stroke: CORES, strokeWidth: 0.2 },
    outline(box),
    text("cores in use", {
      ...PRINT,
      x: box.x - LABEL_GAP - numbersWidth(axis, NUMBERS),
      y: box.y + box.height / 2,
      align: "end",
      across: "middle",
    }),
  ];
}

function line(from: readonly [number, number], to: readonly [number, number]): Mark {
  return { kind: "line", from, to, color: SEPARATOR, width: 0.6 };
}
