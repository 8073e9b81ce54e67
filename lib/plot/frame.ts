/**
 * What stands around a picture: its title above, its caption below.
 *
 * @module
 */
import { type Box, inset } from "./box.ts";
import { INK, type Mark } from "./figure.ts";
import { textHeight, textLines, textWidth, wrap } from "./text.ts";

/** The distance of everything from the edges, and of title and caption from the picture. */
const PADDING = 10;
const GAP = 12;
/** The print of captions in points, where a picture does not say otherwise. */
const CAPTION_SIZE = 8;
/** A title that is too wide may shrink so far before it is broken into more lines. */
const LEAST_TITLE_SHARE = 0.75;

/** What stands around a picture. */
export interface FrameText {
  /** The title, line by line. */
  readonly title: readonly string[];
  /** The size of its print in points. */
  readonly titleSize: number;
  /** The sentences below the picture. */
  readonly caption: readonly string[];
  /** The size of their print in points. Default: 8. */
  readonly captionSize?: number;
}

/**
 * Puts title and caption on a page.
 *
 * @param size The page, in points.
 * @returns What was drawn, and the box that is left.
 */
export function frame(
  { title, titleSize, caption, captionSize = CAPTION_SIZE }: FrameText,
  size: { width: number; height: number },
): { marks: Mark[]; box: Box } {
  const page = inset({ x: 0, y: 0, ...size }, {
    left: PADDING,
    top: PADDING,
    right: PADDING,
    bottom: PADDING,
  });
  const style = titleStyle(title, titleSize, page.width);
  const titleLines = title.flatMap((line) => wrap(line, style, page));
  const captions = { size: captionSize };
  const captionLines = wrap(caption.join(" · "), captions, page);
  const top = textHeight(titleLines.length, style);
  const bottom = textHeight(captionLines.length, captions);
  return {
    marks: [
      ...textLines(titleLines, {
        ...style,
        x: page.x + page.width / 2,
        y: page.y,
        align: "middle",
      }),
      ...textLines(captionLines, {
        ...captions,
        x: page.x,
        y: page.y + page.height,
        across: "bottom",
        color: INK.caption,
      }),
    ],
    box: inset(page, { top: top + GAP, bottom: bottom + GAP }),
  };
}

function titleStyle(title: readonly string[], size: number, width: number) {
  const weight = "bold";
  const needed = Math.max(...title.map((line) => textWidth(line, { size, weight })));
  const share = Math.max(LEAST_TITLE_SHARE, Math.min(1, width / needed));
  return { size: size * share, weight } as const;
}
