/**
 * The pictures of the statistics of all layers, in the order in which they are drawn.
 *
 * `tools/lists.ts` adds what is new; the order is that of the lines.
 *
 * @module
 */
import { emergenceOverLayers } from "./emergence.ts";
import type { AnyRunPicture } from "./run_picture.ts";

/** All of them. */
export const RUN_PICTURES: readonly AnyRunPicture[] = [
  emergenceOverLayers,
];
