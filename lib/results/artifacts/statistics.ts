/**
 * `layer{00}_statistics.json`, from the activation matrix.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../../files/json.ts";
import { MAX_RELATIONS } from "../../questions/relations.ts";
import {
  type SupervisedStatistics,
  supervisedStatistics,
  type TraditionalStatistics,
  traditionalStatistics,
} from "../../stats/activation_statistics.ts";
import type { RecordedArray, TableArtifact } from "../artifact.ts";
import { index, LONGEST, MAX, named, slots } from "../schema_parts.ts";

/** `layer{00}_statistics.json`: statistics by relation key. */
export type StatisticsFile = Record<string, SupervisedStatistics | TraditionalStatistics>;

/**
 * The schema of `layer{00}_statistics.json`.
 *
 * @example
 * ```ts
 * import { statisticsFileSchema } from "@coact/coact";
 *
 * const text = JSON.stringify(statisticsFileSchema.toJSONSchema()); // for other tools that read layer06_statistics.json
 * console.log(text.length);
 * ```
 */
export const statisticsFileSchema: Schema<StatisticsFile> = named(
  z.union([
    z.strictObject({
      free_features_mean: z.number(),
      free_features_std: z.number(),
      free_features_max: z.number(),
      relation_slots: slots,
      target_slot_activation: z.number(),
      other_slots_mean: z.number().nullable(),
      top_100_features: z.strictObject({
        indices: z.array(index).max(MAX.top),
        values: z.array(z.number()).max(MAX.top),
        n_free_in_top100: index,
        n_slots_in_top100: index,
      }),
    }),
    z.strictObject({
      all_features_mean: z.number(),
      all_features_std: z.number(),
      all_features_max: z.number(),
      top_100_features: z.strictObject({
        indices: z.array(index).max(MAX.top),
        values: z.array(z.number()).max(MAX.top),
      }),
    }),
  ]),
  { longest: LONGEST.key, most: MAX_RELATIONS },
);

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
  { record, means }: RecordedArray<"means">,
): StatisticsFile {
  return Object.fromEntries(record.relations.map(({ key, index: slot }, row) => [
    key,
    record.sae === "supervised"
      ? supervisedStatistics(means, record, { row, slot })
      : traditionalStatistics(means, record, row),
  ]));
}

/** The table. */
export const statistics: TableArtifact<"means", SupervisedStatistics | TraditionalStatistics> = {
  file: "statistics.json",
  from: "means",
  make: statisticsOf,
  schema: statisticsFileSchema,
};
