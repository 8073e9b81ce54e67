/**
 * The pictures of a layer, in the order in which they are drawn.
 *
 * `tools/lists.ts` adds what is new; the order is that of the lines.
 *
 * @module
 */
import { dense } from "./dense_activation.ts";
import { consistency } from "./feature_consistency.ts";
import type { Recipe } from "./recipe.ts";
import { slots } from "./relation_slots.ts";
import { top } from "./top_features.ts";

/** All of them. */
export const LAYER_PICTURES: readonly Recipe[] = [
  dense,
  slots,
  top,
  consistency,
];
