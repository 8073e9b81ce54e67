/**
 * What each thread did when, as a picture.
 *
 * @module
 */
import type { WorkKind } from "../lib/base/work_log.ts";
import { panelPage } from "../lib/pictures/panel_grid.ts";
import { outline } from "../lib/plot/axes.ts";
import type { Box } from "../lib/plot/box.ts";
import type { Figure, Mark } from "../lib/plot/figure.ts";
import {
  numbersAtLeft,
  numbersBelow,
  numbersHeight,
  numbersWidth,
  type Plane,
  planeOf,
} from "../lib/plot/number_axis.ts";
import { shorten, text, textHeight, textWidth, widest } from "../lib/plot/text.ts";
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

/** What the picture shows. */
export interface Timeline {
  /** What was run, and where: a line below the title. */
  readonly subtitle: string;
  /** How long all of it took, in seconds. */
  readonly seconds: number;
  /** The phases, in order. */
  readonly phases: readonly Phase[];
  /** The threads. */
  readonly rows: readonly ThreadRow[];
  /** The cores in use; empty where that is not known. */
  readonly use: readonly CoreUse[];
  /** How many cores there are. */
  readonly cores: number;
  /** What a reader must know, sentence by sentence. */
  readonly caption: readonly string[];
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

/** How the kinds are called in the legend, where not by themselves. */
const LEGEND: Partial<Record<WorkKind, string>> = { start: "start of a thread" };

const WIDTH = 760;
const PRINT = { size: 8.5 } as const;
const NUMBERS = { size: 8 } as const;
const PHASE = { size: 7.5 } as const;
const LANE = { height: 11, gap: 1.5 } as const;
const ROW_GAP = 7;
const PHASES_HEIGHT = 15;
const CORES_HEIGHT = 48;
const GAP = { label: 8, cores: 14, busy: 8 } as const;
const SHADES = ["#eef1f4", "#e2e6ea"] as const;
const SEPARATOR = "#cfd4d9";
const CORES = "#8a94a0";
/** A name of a phase that is cut has at least so many letters. */
const LEAST_LABEL = 7;
/** No bar is narrower, in points. */
const LEAST_BAR = 0.4;

/** Draws the timeline. */
export function timelinePicture(timeline: Timeline): Figure {
  const { subtitle, seconds, phases, rows, use, cores, caption } = timeline;
  const laneHeights = rows.map(rowHeight);
  const lanes = laneHeights.reduce((sum, height) => sum + height, 0);
  const axisRoom = numbersHeight(NUMBERS) + textHeight(1, PRINT) + 6;
  const coresRoom = use.length === 0 ? 0 : GAP.cores + CORES_HEIGHT;
  const height = PHASES_HEIGHT + lanes + coresRoom + axisRoom;
  const kinds = Object.keys(WORK_COLORS) as WorkKind[];
  const shown = kinds.filter((kind) => rows.some(({ bars }) => bars.some((b) => b.kind === kind)));
  const title = ["What Each Thread Did When", `(${subtitle})`];
  const page = panelPage({
    title,
    caption,
    key: shown.map((kind) => {
      return { color: WORK_COLORS[kind], name: LEGEND[kind] ?? kind, isSquare: true };
    }),
    count: 1,
    panel: { width: WIDTH, height },
  });
  const names = [...rows.map(({ thread }) => thread), "cores in use"];
  const left = widest(names, PRINT) + GAP.label;
  const right = textWidth("busy", PRINT) + GAP.busy + 4;
  const whole = page.boxes[0]!;
  const inner = { ...whole, x: whole.x + left, width: whole.width - left - right };
  const plot = { ...inner, height: PHASES_HEIGHT + lanes };
  const coresBox = { ...inner, y: plot.y + plot.height + GAP.cores, height: CORES_HEIGHT };
  const bottom = use.length === 0 ? plot : coresBox;
  const axis = { domain: [0, seconds], count: 10 } as const;
  const plane = planeOf(plot, { x: axis, y: axis });
  const grid = { ...inner, height: bottom.y + bottom.height - inner.y };
  const busy = { ...PRINT, x: inner.x + inner.width + GAP.busy } as const;
  return {
    title: title.join(" "),
    ...page.size,
    marks: [
      ...page.marks,
      ...numbersBelow(axis, grid, NUMBERS),
      ...phases.flatMap((phase, i) => phaseMarks(phase, i, { plot, plane })),
      text("busy", { ...busy, y: plot.y + PHASES_HEIGHT / 2, across: "middle" }),
      ...rows.flatMap((row, i) => {
        const above = laneHeights.slice(0, i).reduce((sum, height) => sum + height, 0);
        const y = plot.y + PHASES_HEIGHT + above;
        const middle = y + laneHeights[i]! / 2;
        return [
          ...rowMarks(row, { ...plot, y, height: laneHeights[i]! }, plane),
          text(row.thread, {
            ...PRINT,
            x: inner.x - GAP.label,
            y: middle,
            align: "end",
            across: "middle",
          }),
          text(`${(100 * row.busy / seconds).toFixed(0)} %`, {
            ...busy,
            y: middle,
            across: "middle",
          }),
        ];
      }),
      outline(plot),
      ...(use.length === 0 ? [] : coreMarks(timeline, coresBox, cores)),
      text("seconds", {
        ...PRINT,
        x: inner.x + inner.width / 2,
        y: bottom.y + bottom.height + numbersHeight(NUMBERS) + 2,
        align: "middle",
      }),
    ],
  };
}

function rowHeight({ lanes }: ThreadRow): number {
  return ROW_GAP + lanes * LANE.height + (lanes - 1) * LANE.gap;
}

/** A phase: a shade, its name if there is room, and a line through all rows where it begins. */
function phaseMarks(
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

function rowMarks({ bars }: ThreadRow, box: Box, plane: Plane): Mark[] {
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

function coreMarks(
  { use, seconds }: Timeline,
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
      x: box.x - GAP.label - numbersWidth(axis, NUMBERS),
      y: box.y + box.height / 2,
      align: "end",
      across: "middle",
    }),
  ];
}

function line(from: readonly [number, number], to: readonly [number, number]): Mark {
  return { kind: "line", from, to, color: SEPARATOR, width: 0.6 };
}
