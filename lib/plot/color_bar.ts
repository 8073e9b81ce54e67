/**
 * What the colours of a heatmap mean.
 *
 * @module
 */
import { format } from "d3-format";
import { scaleLinear } from "d3-scale";
import { outline, TICK, tick } from "./axes.ts";
import type { Box } from "./box.ts";
import { COLORS } from "./color_map.ts";
import { colorOf, type ColorScale } from "./color_scale.ts";
import { INK, type Mark } from "./figure.ts";
import { heatmap } from "./heatmap.ts";
import { text, textHeight, textLines, widest, wrap } from "./text.ts";

/** Sizes in points. */
const BAR = { width: 16, titleGap: 8, tickDistance: 55, arrow: 14 } as const;

/** A colour bar, ready to be placed. */
export interface ColorBar {
  /** How wide it is with its numbers and its title, in points. */
  readonly width: number;
  /** Draws it; of the box's width it takes what it needs. */
  readonly marks: (box: Box) => Mark[];
}

/**
 * A colour bar. If values are drawn as the lower end that are less, it ends in an arrow, its lowest
 * number says so, and its title names the least value.
 *
 * @param title What the values are; none if it is empty.
 * @param height How high it will be, in points.
 */
export function colorBar(
  scale: ColorScale,
  title: string,
  { height, size }: { height: number; size: number },
): ColorBar {
  const { low, high, clipped } = scale;
  const bar = scaleLinear().domain([low, high]);
  const count = Math.max(2, Math.floor(height / BAR.tickDistance));
  const numbers = isPlain(scale) ? bar.tickFormat(count) : bar.tickFormat(count, "e");
  const ticks = clipped === undefined
    ? bar.ticks(count)
    : [low, ...bar.ticks(count).filter((value) => value - low > (high - low) / (2 * count))];
  const labels = ticks.map((value) =>
    clipped !== undefined && value === low ? `≤ ${numbers(value)}` : numbers(value)
  );
  const titles = { size: size * 1.1 };
  const fullTitle = clipped === undefined || title === ""
    ? title
    : `${title} (less than ${numbers(low)} is drawn as ${numbers(low)}; least: ${least(clipped)})`;
  const titleLines = title === "" ? [] : wrap(fullTitle, titles, { width: height, most: 2 });
  const numbersEnd = BAR.width + TICK.length + TICK.gap + widest(labels, { size });
  const titleRoom = title === "" ? 0 : BAR.titleGap + textHeight(titleLines.length, titles);
  return {
    width: numbersEnd + titleRoom,
    marks: (box) => {
      const arrow = clipped === undefined ? 0 : BAR.arrow;
      const colors = { x: box.x, y: box.y, width: BAR.width, height: box.height - arrow };
      const end = colors.x + colors.width;
      bar.range([colors.y + colors.height, colors.y]);
      return [
        ...(clipped === undefined ? [] : [arrowBelow(scale, colors)]),
        outline(colors),
        gradient(scale, colors),
        ...ticks.flatMap((value, i) => [
          tick([end, bar(value)], [end + TICK.length, bar(value)]),
          text(labels[i]!, {
            x: end + TICK.length + TICK.gap,
            y: bar(value),
            size,
            across: "middle",
          }),
        ]),
        ...textLines(titleLines, {
          ...titles,
          x: box.x + numbersEnd + BAR.titleGap,
          y: box.y + box.height / 2,
          align: "middle",
          turned: true,
        }),
      ];
    },
  };
}

/** A number with as many digits as tell something. */
const least = format(".4~g");

/** Whether numbers can be written without a power of ten. */
function isPlain({ low, high }: ColorScale): boolean {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return size >= 1e-4 && size < 1e6;
}

/** All colours, the highest on top. */
function gradient(scale: ColorScale, box: Box): Mark {
  const { low, high } = scale;
  const values = Float64Array.from(
    { length: COLORS },
    (_, i) => high - (i + 0.5) / COLORS * (high - low),
  );
  const view = { values, rows: COLORS, stride: 1, columns: { start: 0, end: 1 } };
  return heatmap(view, scale, box);
}

/** As matplotlib draws it: the scale goes on, but not the colours. */
function arrowBelow(scale: ColorScale, { x, y, width, height }: Box): Mark {
  const base = y + height;
  return {
    kind: "polygon",
    points: [[x, base], [x + width, base], [x + width / 2, base + BAR.arrow]],
    fill: `rgb(${colorOf(scale, scale.low).join(", ")})`,
    stroke: INK.text,
    strokeWidth: TICK.width,
  };
}
