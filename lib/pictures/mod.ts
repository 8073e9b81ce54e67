/**
 * The figures of results, as data: what the pictures of an analysis show, to be drawn of numbers of
 * one's own. `@coact/coact/plot` has the parts that they are made of, and draws them.
 *
 * @example
 * ```ts
 * import { denseActivation, type LayerPicture } from "@coact/coact/pictures";
 * import { encodeFigure } from "@coact/coact/plot";
 *
 * const picture: LayerPicture = {
 *   layer: 6,
 *   kind: "supervised",
 *   layout: { freeCount: 2, slotCount: 2 },
 *   relations: ["Birth Date", "Birth City"],
 *   matrix: Float32Array.of(0.1, 0, 0.9, 0, 0, 0.2, 0, 0.8),
 *   caption: ["numbers of my own"],
 * };
 * const svg = await encodeFigure(denseActivation(picture), { format: "svg", dpi: 72 });
 * console.log(svg.length > 1000);
 * ```
 *
 * @module
 */
export { denseActivation } from "./dense_activation.ts";
export { type ConsistencyOptions, featureConsistency } from "./feature_consistency.ts";
export { type ColumnGroup, type LayerHeatmap, layerHeatmap } from "./layer_heatmap.ts";
export * from "./layer_picture.ts";
export { FEATURE_RANKS, type FeatureRank, TOP_FEATURES } from "./names.ts";
export * from "./picture_scale.ts";
export { relationSlots } from "./relation_slots.ts";
export type { SlotNames } from "./slot_axis.ts";
export {
  type SlotsPanel,
  type SlotsSummary,
  slotsSummary,
  type SummaryOptions,
} from "./slots_summary.ts";
export { type TopFeaturesOptions, topFreeFeatures } from "./top_features.ts";
export type { FeatureLayout } from "../stats/feature_layout.ts";
