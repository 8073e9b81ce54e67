/**
 * `layer{00}_common_features.json`, from the consistency of the features.
 *
 * @module
 */
import { type CommonFeatures, commonFeatures as featuresOf } from "../../stats/common_features.ts";
import type { TableArtifact } from "../artifact.ts";
import type { LayerResult } from "../layer_result.ts";
import { layoutOf } from "../layout.ts";
import { type CommonFeaturesFile, commonFeaturesFileSchema } from "../schemas.ts";

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
  { record, consistency }: Pick<LayerResult, "record" | "consistency">,
): CommonFeaturesFile {
  const layout = layoutOf(record);
  return Object.fromEntries(record.relations.map(({ key, index: slot, questions }, row) => [
    key,
    featuresOf(consistency, layout, { row, slot, samples: questions }),
  ]));
}

/** The table; a layer with a traditional SAE has none. */
export const commonFeatures: TableArtifact<"consistency", CommonFeatures> = {
  file: "common_features.json",
  needsSlots: true,
  from: "consistency",
  make: commonFeaturesOf,
  schema: commonFeaturesFileSchema,
};
