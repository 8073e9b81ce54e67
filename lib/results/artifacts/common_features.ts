/**
 * `layer{00}_common_features.json`, from the consistency of the features.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../../files/json.ts";
import { MAX_RELATIONS } from "../../questions/relations.ts";
import { type CommonFeatures, commonFeatures as featuresOf } from "../../stats/common_features.ts";
import { hasSlots, type RecordedArray, type TableArtifact } from "../artifact.ts";
import { count, fraction, index, LONGEST, named } from "../schema_parts.ts";

/** `layer{00}_common_features.json`: consistent features by relation key. */
export type CommonFeaturesFile = Record<string, CommonFeatures>;

/**
 * The schema of `layer{00}_common_features.json`.
 *
 * @example
 * ```ts
 * import { commonFeaturesFileSchema } from "@coact/coact";
 *
 * const text = JSON.stringify(commonFeaturesFileSchema.toJSONSchema()); // for other tools that read layer06_common_features.json
 * console.log(text.length);
 * ```
 */
export const commonFeaturesFileSchema: Schema<CommonFeaturesFile> = named(
  z.strictObject({
    n_samples: count,
    n_consistent_features: index,
    n_consistent_free: index,
    n_consistent_slots: index,
    consistent_free_indices: z.array(index),
    consistent_slot_indices: z.array(index).max(MAX_RELATIONS),
    consistency_scores: z.strictObject({
      free_features_max: fraction,
      target_slot_consistency: fraction,
      other_slots_consistency: z.array(fraction).max(MAX_RELATIONS),
    }),
  }),
  { longest: LONGEST.key, most: MAX_RELATIONS },
);

/**
 * The consistent features of a layer with a supervised SAE, by relation key.
 *
 * @example
 * ```ts
 * import { analyzeLayers, commonFeaturesOf, openDevice, planAnalysis } from "@coact/coact";
 *
 * const plan = await planAnalysis({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 * });
 * using device = await openDevice("auto");
 * for await (const layer of analyzeLayers(plan, device)) {
 *   console.log(commonFeaturesOf(layer));
 * }
 * ```
 */
export function commonFeaturesOf(
  { record, consistency }: RecordedArray<"consistency">,
): CommonFeaturesFile {
  return Object.fromEntries(record.relations.map(({ key, index: slot, questions }, row) => [
    key,
    featuresOf(consistency, record, { row, slot, samples: questions }),
  ]));
}

/** The table; a layer with a traditional SAE has none. */
export const commonFeatures: TableArtifact<"consistency", CommonFeatures> = {
  file: "common_features.json",
  isOf: hasSlots,
  from: "consistency",
  make: commonFeaturesOf,
  schema: commonFeaturesFileSchema,
};
