/**
 * Rectangles on a figure, in points, with y growing downwards.
 *
 * @module
 */

/** A rectangle. */
export interface Box {
  /** Its left side. */
  readonly x: number;
  /** Its upper side. */
  readonly y: number;
  /** How wide it is. */
  readonly width: number;
  /** How high it is. */
  readonly height: number;
}

/** Distances from the sides of a box; 0 where none is given. */
export interface Margins {
  /** From the left side. */
  readonly left?: number;
  /** From the upper side. */
  readonly top?: number;
  /** From the right side. */
  readonly right?: number;
  /** From the lower side. */
  readonly bottom?: number;
}

/** What is left of a box within margins. */
export function inset(
  { x, y, width, height }: Box,
  { left = 0, top = 0, right = 0, bottom = 0 }: Margins,
): Box {
  return { x: x + left, y: y + top, width: width - left - right, height: height - top - bottom };
}

/**
 * Whether two boxes share some area.
 *
 * @param slack How far they may reach into each other, in points. Default: 0.
 */
export function overlap(a: Box, b: Box, slack: number = 0): boolean {
  return a.x + slack < b.x + b.width && b.x + slack < a.x + a.width &&
    a.y + slack < b.y + b.height && b.y + slack < a.y + a.height;
}

/** Whether `inner` lies within `outer`. */
export function contains(outer: Box, inner: Box): boolean {
  return inner.x >= outer.x && inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height;
}
