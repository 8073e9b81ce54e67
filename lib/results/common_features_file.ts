/**
 * `layer{00}_common_features.json`, from the consistency of the features.
 *
 * @module
 */
import { commonFeatures } from "../stats/common_features.ts";
import { layerPath } from "./file_names.ts";
import type { LayerResult } from "./layer_result.ts";
import { layoutOf } from "./layout.ts";
import type { CommonFeaturesFile } from "./schemas.ts";
import { jsonText } from "../files/json_writer.ts";
import { writeWhole } from "../files/write_whole.ts";
import { byRelation } from "./by_relation.ts";

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
    commonFeatures(consistency, layout, { row, slot, samples: questions }),
  ]));
}

/** The text of the file, the relations in their order. */
export function commonFeaturesText(
  result: Pick<LayerResult, "record" | "consistency">,
): string {
  return jsonText(byRelation(result.record.relations, commonFeaturesOf(result)));
}

/**
 * Writes the consistent features of a layer; a layer with a traditional SAE has no such file.
 *
 * @returns The path written, undefined for a traditional SAE.
 * @throws {InputError} If it cannot be written.
 */
export async function writeCommonFeatures(
  directory: string,
  result: Pick<LayerResult, "record" | "consistency">,
): Promise<string | undefined> {
  if (result.record.sae === "traditional") return undefined;
  const path = layerPath(directory, result.record.layer, "common_features.json");
  await writeWhole(path, commonFeaturesText(result));
  return path;
}
