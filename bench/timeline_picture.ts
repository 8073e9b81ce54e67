/**
 * What each thread did when, as a picture.
 *
 * @module
 */
import type { WorkKind } from "../lib/base/work_log.ts";
import { panelPage } from "../lib/pictures/panel_grid.ts";
import { outline } from "../lib/plot/axes.ts";
import type { Figure } from "../lib/plot/figure.ts";
import { numbersBelow, numbersHeight, planeOf } from "../lib/plot/number_axis.ts";
import { text, textHeight, textWidth, widest } from "../lib/plot/text.ts";
import {
  coreMarks,
  LABEL_GAP,
  NUMBERS,
  type Phase,
  phaseMarks,
  PHASES_HEIGHT,
  PRINT,
  rowHeight,
  rowMarks,
  WORK_COLORS,
} from "./timeline_marks.ts";
import type { CoreUse, ThreadRow } from "./timeline_rows.ts";

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

/** How the kinds are called in the legend, where not by themselves. */
const LEGEND: Partial<Record<WorkKind, string>> = { start: "start of a thread" };

const WIDTH = 760;
const CORES_HEIGHT = 48;
const GAP = { cores: 14, busy: 8 } as const;

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
  const left = widest(names, PRINT) + LABEL_GAP;
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
            x: inner.x - LABEL_GAP,
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
