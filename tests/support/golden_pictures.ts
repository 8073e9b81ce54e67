/** The pictures that are kept as files, to notice when they come to look otherwise. */
import type { Figure } from "../../lib/plot/figure.ts";
import { denseActivation } from "../../lib/pictures/dense_activation.ts";
import { featureConsistency } from "../../lib/pictures/feature_consistency.ts";
import { relationSlots } from "../../lib/pictures/relation_slots.ts";
import { slotsSummary } from "../../lib/pictures/slots_summary.ts";
import { topFreeFeatures } from "../../lib/pictures/top_features.ts";
import { CAPTION, layerPicture, noise, RELATIONS } from "./layer_pictures.ts";

/** Their resolution in pixels an inch: small, but text can just be read. */
export const GOLDEN_DPI = 50;

/** Where they are kept. */
export function goldenPath(name: string): URL {
  return new URL(`../fixtures/plot/${name}.png`, import.meta.url);
}

const picture = layerPicture(
  (row, column) => column === 400 + row ? 0.9 - row / 20 : 0.4 * noise(row, column) ** 3,
  { free: 400 },
);

/** The pictures by name. */
export const GOLDEN_PICTURES: Readonly<Record<string, () => Figure>> = {
  dense: () => denseActivation(picture),
  dense_reference: () => denseActivation(picture, { reference: true }),
  slots: () => relationSlots({ ...picture, slotNames: RELATIONS }),
  slots_reference: () => relationSlots(picture, { reference: true }),
  top: () => topFreeFeatures(picture, { count: 20 }),
  top_reference: () => topFreeFeatures(picture, { count: 20, rank: "mean", reference: true }),
  consistency: () =>
    featureConsistency(layerPicture((row, column) => Math.max(0, noise(row, column))), {
      threshold: 0.1,
    }),
  summary: () =>
    slotsSummary({
      panels: [0, 1, 2].map((layer) =>
        layer === 1 ? { layer, note: "No data: no SAE checkpoint" } : {
          layer,
          slots: {
            means: Float32Array.from({ length: 36 }, (_, i) => i % 7 === 0 ? 1 : noise(layer, i)),
            count: 6,
            summary: "diagonal 1.00, off-diagonal 0.37, binding accuracy 98.7 %",
            isBest: layer === 2,
          },
        }
      ),
      relations: RELATIONS,
      slotNames: RELATIONS,
      caption: CAPTION,
    }),
};
