/**
 * `analysis_summary.json`: what was analysed, and the layers compared.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../files/json.ts";
import { MAX_RELATIONS } from "../questions/relations.ts";
import type { FeatureLayout } from "../stats/feature_layout.ts";
import { fromFile, type InFile, schemaOfFile, toFile } from "./file_counts.ts";
import { byRelation } from "./by_relation.ts";
import type { LayerName } from "./layer_name.ts";
import { type Provenance, provenanceShape } from "./provenance_record.ts";
import { type RelationRecord, relationsSchema } from "./relation_record.ts";
import {
  type CheckpointRecord,
  checkpointSchema,
  type SaeWord,
  saeWord,
  type SourceRecord,
  sourceShape,
} from "./sae_record.ts";
import {
  areDistinct,
  count,
  fraction,
  index,
  layer,
  layers,
  LONGEST,
  MAX,
  named,
  text,
} from "./schema_parts.ts";

/** How well a feature tells one relation from the others, by how often it is active. */
export interface SelectiveFeature {
  /** The feature. */
  feature: number;
  /** The share of the relation's questions in which it is above the threshold. */
  active: number;
  /** The greatest such share among the other relations; 0 if there is no other. */
  active_elsewhere: number;
}

/** How well an SAE without slots tells the relations apart, and how sparse it is. */
export interface UnsupervisedSummary {
  /** As in the layer's record. */
  unexplained_variance?: number | null | undefined;
  /** How many features are above the threshold in a question, on average over all questions. */
  active_per_question?: number | undefined;
  /** How many features are other than 0 on average for some relation. */
  features_alive?: number | undefined;
  /**
   * The mean over the relations of what their most selective feature's `active` is above
   * `active_elsewhere`: 1 if each relation has a feature that is active in all of its questions and
   * in no other.
   */
  mean_selectivity?: number | undefined;
  /** The most selective feature of each relation, by key. */
  most_selective?: Record<string, SelectiveFeature> | undefined;
}

/**
 * How well the slots of a layer work; all null for an SAE without. Of an SAE that is not AlignSAE's
 * follows how well its features tell the relations apart.
 */
export interface LayerSummary extends SourceRecord, FeatureLayout, UnsupervisedSummary {
  /** The layer, as in its record. */
  layer: LayerName;
  /** What that is. */
  hidden_state: string;
  /** The kind of SAE. */
  sae: SaeWord;
  /** The mean over the relations of the mean activation of their own slot. */
  mean_diagonal: number | null;
  /** The mean over the relations of the mean activations of the other slots. */
  mean_off_diagonal: number | null;
  /** The share of all questions whose largest slot is that of the relation asked about. */
  binding_accuracy: number | null;
  /** The same for the questions of each relation, by key. */
  binding_accuracy_by_relation: Record<string, number> | null;
  /** Where the SAE comes from. */
  checkpoint: CheckpointRecord;
}

/**
 * `analysis_summary.json`: what was analysed, from what, with what, and the layers compared. The file
 * calls `freeCount` and `slotCount` `n_free` and `n_relation`, for each layer and for all.
 */
export interface AnalysisSummary {
  /** The layers with results, in the order in which a forward pass comes to them. */
  layers_analyzed: LayerName[];
  /** How many questions of each relation were asked for, or those of the largest group if all have fewer. */
  samples_per_relation: number;
  /** How many questions were used. */
  total_questions: number;
  /** How many free features the SAEs have; null if that differs between layers. */
  freeCount: number | null;
  /** How many slots the SAEs have; null if that differs between layers. */
  slotCount: number | null;
  /** What a layer is. */
  layer_convention: string;
  /** The relations. */
  relations: RelationRecord[];
  /** The layers, compared. */
  layers: LayerSummary[];
  /** Layers that were asked for and have no result, and why. */
  layers_skipped: { layer: LayerName; reason: string }[];
  /** What the results were made of besides the SAEs: an entry for each run that they come from. */
  provenance: (Provenance & { layers: LayerName[] })[];
}

const layerSchema: z.ZodType<InFile<LayerSummary>> = z.object({
  layer,
  hidden_state: text(),
  ...sourceShape,
  sae: saeWord,
  n_free: index,
  n_relation: z.int().nonnegative().max(MAX_RELATIONS),
  mean_diagonal: z.number().nullable(),
  mean_off_diagonal: z.number().nullable(),
  binding_accuracy: fraction.nullable(),
  binding_accuracy_by_relation: named(fraction, { longest: LONGEST.key, most: MAX_RELATIONS })
    .nullable(),
  unexplained_variance: z.number().nonnegative().nullish(),
  active_per_question: z.number().nonnegative().optional(),
  features_alive: index.optional(),
  mean_selectivity: z.number().optional(),
  most_selective: named(
    z.object({ feature: index, active: fraction, active_elsewhere: fraction }),
    { longest: LONGEST.key, most: MAX_RELATIONS },
  ).optional(),
  checkpoint: checkpointSchema,
});

/** Something for each of some layers, of none twice. */
function distinctLayers<T extends { layer: LayerName }>(value: z.ZodType<T>): z.ZodType<T[]> {
  return z.array(value).max(MAX.layer + 1)
    .refine((all) => areDistinct(all.map(({ layer }) => layer)), "a layer is there twice");
}

/** What the file says. */
interface SummaryFile extends Omit<InFile<AnalysisSummary>, "layers"> {
  layers: InFile<LayerSummary>[];
}

const fileSchema: Schema<SummaryFile> = z.object({
  layers_analyzed: layers,
  samples_per_relation: count,
  total_questions: count,
  n_free: index.nullable(),
  n_relation: index.nullable(),
  layer_convention: text(),
  relations: relationsSchema,
  layers: distinctLayers(layerSchema),
  layers_skipped: distinctLayers(z.object({ layer, reason: text(LONGEST.path) })),
  provenance: z.array(z.object({ ...provenanceShape, layers })).max(MAX.layer + 1),
});

/**
 * The schema of `analysis_summary.json`; what else stands in one, as times once did, is left out.
 *
 * @example
 * ```ts
 * import { analysisSummarySchema } from "@coact/coact";
 *
 * const text = JSON.stringify(analysisSummarySchema.toJSONSchema()); // for other tools that read analysis_summary.json
 * console.log(text.length);
 * ```
 */
export const analysisSummarySchema: Schema<AnalysisSummary> = schemaOfFile(
  fileSchema,
  (file) => fromFile<AnalysisSummary>({ ...file, layers: file.layers.map(fromFile<LayerSummary>) }),
);

/** A summary as its file says it; what is by relation stands in the order of the relations. */
export function summaryForFile(summary: AnalysisSummary): object {
  return { ...toFile(summary), layers: summary.layers.map((layer) => toFile(inOrder(layer))) };

  function inOrder(layer: LayerSummary) {
    const { binding_accuracy_by_relation: accuracies, most_selective: features } = layer;
    const { relations } = summary;
    return {
      ...layer,
      ...(accuracies && { binding_accuracy_by_relation: byRelation(relations, accuracies) }),
      ...(features && { most_selective: byRelation(relations, features) }),
    };
  }
}
