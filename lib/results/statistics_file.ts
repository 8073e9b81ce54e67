/**
 * `layer{00}_statistics.json`, from the activation matrix.
 *
 * @module
 */
import { supervisedStatistics, traditionalStatistics } from "../stats/activation_statistics.ts";
import { layerPath } from "./file_names.ts";
import type { LayerResult } from "./layer_result.ts";
import { layoutOf } from "./layout.ts";
import type { StatisticsFile } from "./schemas.ts";
import { jsonText } from "../files/json_writer.ts";
import { writeWhole } from "../files/write_whole.ts";
import { byRelation } from "./by_relation.ts";

/**
 * The statistics of a layer, by relation key.
 *
 * @example
 * ```ts
 * import { analyzeLayers, openDevice, planAnalysis, statisticsOf } from "@coact/coact";
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
 *   console.log(Object.keys(statisticsOf(layer)));
 * }
 * ```
 */
export function statisticsOf(
  { record, means }: Pick<LayerResult, "record" | "means">,
): StatisticsFile {
  const layout = layoutOf(record);
  return Object.fromEntries(record.relations.map(({ key, index: slot }, row) => [
    key,
    record.sae === "traditional"
      ? traditionalStatistics(means, layout, row)
      : supervisedStatistics(means, layout, { row, slot }),
  ]));
}

/** The text of the file, the relations in their order. */
export function statisticsText(result: Pick<LayerResult, "record" | "means">): string {
  return jsonText(byRelation(result.record.relations, statisticsOf(result)));
}

/**
 * Writes the statistics of a layer.
 *
 * @returns The path written.
 * @throws {InputError} If it cannot be written.
 */
export async function writeStatistics(
  directory: string,
  result: Pick<LayerResult, "record" | "means">,
): Promise<string> {
  const path = layerPath(directory, result.record.layer, "statistics.json");
  await writeWhole(path, statisticsText(result));
  return path;
}
