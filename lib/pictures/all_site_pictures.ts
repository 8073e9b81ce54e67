/**
 * The pictures of a layer's statistics, in the order in which they are drawn.
 *
 * `tools/lists.ts` adds what is new; the order is that of the lines.
 *
 * @module
 */
import { sharing } from "./feature_sharing.ts";
import type { SitePicture } from "./site_picture.ts";
import { volcano } from "./volcano.ts";

/** All of them. */
export const SITE_PICTURES: readonly SitePicture[] = [
  volcano,
  sharing,
];
