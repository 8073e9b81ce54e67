/**
 * A line of estimates, with a band of how sure each is.
 *
 * @module
 */
import type { LineMark, Mark } from "./figure.ts";

/** An estimate at a place; positions in points on the page. */
export interface BandPoint {
  /** Where it is from left to right. */
  readonly x: number;
  /** The estimate; undefined where there is none. */
  readonly y: number | undefined;
  /** The ends of its interval; undefined where there is none. */
  readonly ends: readonly [number, number] | undefined;
}

/** How a band looks. */
export interface BandStyle {
  /** The colour of the line and its points. */
  readonly color: string;
  /** The colour of the band. */
  readonly fill: string;
  /** The radius of the points. */
  readonly radius: number;
  /** Whether points are squares, so that lines are told apart without colours. Default: no. */
  readonly isSquare?: boolean;
}

const LINE_WIDTH = 1.2;
const RING_WIDTH = 1.6;
const CLEAR = "rgba(0, 0, 0, 0)";
/** The corners that make a circle. */
const CORNERS = 20;
/** How far the corners of a square reach, to look as large as a circle. */
const SQUARE = 1.25;

/**
 * Draws bands, lines and points. Where an interval is missing, the band has a gap and the point is
 * hollow; an interval without neighbours is a line upright.
 */
export function band(points: readonly BandPoint[], style: BandStyle): Mark[] {
  const { color, fill } = style;
  const marks: Mark[] = [];
  for (const run of runsOf(points, ({ ends }) => ends !== undefined)) {
    const only = run[0]!;
    if (run.length === 1) {
      marks.push(line([only.x, only.ends![0]], [only.x, only.ends![1]], color));
      continue;
    }
    const corners = [
      ...run.map(({ x, ends }) => [x, ends![1]] as const),
      ...run.toReversed().map(({ x, ends }) => [x, ends![0]] as const),
    ];
    marks.push({ kind: "polygon", points: corners, fill, stroke: fill, strokeWidth: 0.1 });
  }
  for (const run of runsOf(points, ({ y }) => y !== undefined)) {
    run.slice(1).forEach(({ x, y }, i) =>
      marks.push(line([run[i]!.x, run[i]!.y!], [x, y!], color))
    );
    for (const { x, y, ends } of run) marks.push(dot(x, y!, style, ends !== undefined));
  }
  return marks;
}

/** A point, filled or hollow. */
export function dot(
  x: number,
  y: number,
  { color, radius, isSquare = false }: Omit<BandStyle, "fill">,
  isFilled: boolean,
): Mark {
  return {
    kind: "polygon",
    points: isSquare ? cornersAt(x, y, SQUARE * radius, 4) : circleAt(x, y, radius),
    fill: isFilled ? color : "#ffffff",
    stroke: color,
    strokeWidth: 0.8,
  };
}

/** A ring, through which one sees what lies there besides. */
export function ring(
  x: number,
  y: number,
  { color, radius }: Pick<BandStyle, "color" | "radius">,
): Mark {
  const points = circleAt(x, y, radius);
  return { kind: "polygon", points, fill: CLEAR, stroke: color, strokeWidth: RING_WIDTH };
}

/** The corners of a circle, as good as round. */
function circleAt(x: number, y: number, radius: number): [number, number][] {
  return cornersAt(x, y, radius, CORNERS);
}

function cornersAt(x: number, y: number, radius: number, count: number): [number, number][] {
  return Array.from({ length: count }, (_, i) => {
    const angle = Math.PI / 4 + 2 * Math.PI * i / count;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

function line(from: LineMark["from"], to: LineMark["to"], color: string): LineMark {
  return { kind: "line", from, to, color, width: LINE_WIDTH };
}

/** Neighbours that have what is asked for. */
function runsOf<T>(items: readonly T[], has: (item: T) => boolean): T[][] {
  const runs: T[][] = [];
  items.forEach((item, i) => {
    if (!has(item)) return;
    if (i > 0 && has(items[i - 1]!)) runs.at(-1)!.push(item);
    else runs.push([item]);
  });
  return runs;
}
