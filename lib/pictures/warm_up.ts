/**
 * What a thread that draws does before there is anything to draw: the first pictures of a thread take twice as
 * long as later ones, for code is compiled and fonts are read.
 *
 * @module
 */
import { encodeFigure } from "../plot/encode.ts";
import { denseActivation } from "./dense_activation.ts";
import { featureConsistency } from "./feature_consistency.ts";
import type { LayerPicture } from "./layer_picture.ts";
import { relationSlots } from "./relation_slots.ts";
import { topFreeFeatures } from "./top_features.ts";

/** How large they are, in pixels an inch: small, for what is drawn is looked at by nobody. */
const DPI = 40;
const [RELATIONS, FREE, SLOTS] = [6, 60, 6] as const;

/** Draws the pictures of a layer that there is not. Nothing is written. */
export async function warmUp(): Promise<void> {
  const matrix = Float64Array.from(
    { length: RELATIONS * (FREE + SLOTS) },
    (_, i) => Math.sin(i) ** 2,
  );
  const picture: LayerPicture = {
    layer: 0,
    kind: "supervised",
    layout: { freeCount: FREE, slotCount: SLOTS },
    relations: Array.from({ length: RELATIONS }, (_, i) => `Relation ${i}`),
    matrix,
    caption: ["a layer that there is not"],
  };
  const figures = [
    denseActivation(picture),
    relationSlots(picture),
    topFreeFeatures(picture, { count: 50 }),
    featureConsistency(picture, { threshold: 0.1 }),
  ];
  for (const figure of figures) await encodeFigure(figure, { format: "png", dpi: DPI });
}
