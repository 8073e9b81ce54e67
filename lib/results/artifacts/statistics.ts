/**
 * `layer{00}_statistics.json`, from the activation matrix.
 *
 * @module
 */
import {
  type SupervisedStatistics,
  supervisedStatistics,
  type TraditionalStatistics,
  traditionalStatistics,
} from "../../stats/activation_statistics.ts";
import type { TableArtifact } from "../artifact.ts";
import type { LayerResult } from "../layer_result.ts";
import { layoutOf } from "../layout.ts";
import { type StatisticsFile, statisticsFileSchema } from "../schemas.ts";

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

/** The table. */
export const statistics: TableArtifact<"means", SupervisedStatistics | TraditionalStatistics> = {
  file: "statistics.json",
  needsSlots: false,
  from: "means",
  make: statisticsOf,
  schema: statisticsFileSchema,
};
