/**
 * `layer{00}_analysis.json`: what the arrays of a layer are.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../files/json.ts";
import { MAX_RELATIONS } from "../questions/relations.ts";
import type { FeatureLayout } from "../stats/feature_layout.ts";
import { fromFile, type InFile, schemaOfFile } from "./file_counts.ts";
import type { LayerName } from "./layer_name.ts";
import { type Provenance, provenanceShape } from "./provenance_record.ts";
import { leftOutSchema, type RelationRecord, relationsSchema } from "./relation_record.ts";
import {
  type CheckpointRecord,
  checkpointSchema,
  type SaeWord,
  saeWord,
  type SourceRecord,
  sourceShape,
} from "./sae_record.ts";
import { count, layer, named, sha256, text } from "./schema_parts.ts";

/**
 * `layer{00}_analysis.json`: what the arrays of a layer are, so that they can be used alone. The file
 * calls `freeCount` and `slotCount` `n_free` and `n_relation`.
 */
export interface LayerRecord extends SourceRecord, FeatureLayout {
  /** The layer: the number of a hidden state, or another name that its files begin with. */
  layer: LayerName;
  /** What that is. */
  hidden_state: string;
  /** The kind of SAE; `unsupervised` of all that are not AlignSAE's. */
  sae: SaeWord;
  /** The width of the hidden states. */
  d_model: number;
  /** Activations above it are active. */
  activation_threshold: number;
  /** The relations, one for each row of the matrices. */
  relations: RelationRecord[];
  /** The relations that there are besides, if only some were picked: their slots are there, too. */
  relations_left_out?: Omit<RelationRecord, "questions">[] | undefined;
  /** Where the SAE comes from. */
  checkpoint: CheckpointRecord;
  /** What the result was made of besides the SAE. */
  provenance: Provenance;
  /**
   * The squared error of the SAE's reconstruction of a few hidden states, as a fraction of the
   * variance of all, or of these where it is not AlignSAE's; above 1, SAE and layer hardly belong
   * together. Null without a decoder.
   */
  unexplained_variance?: number | null | undefined;
  /** What spoke against an SAE that was used all the same, in sentences; not of AlignSAE's. */
  misfits?: string[] | undefined;
  /** The SHA-256 of each of the layer's other files of numbers, by name; set when it is written. */
  files_sha256?: Record<string, string> | undefined;
}

const fileSchema: Schema<InFile<LayerRecord>> = z.object({
  layer,
  hidden_state: text(),
  ...sourceShape,
  sae: saeWord,
  d_model: count,
  n_free: count,
  n_relation: z.int().nonnegative().max(MAX_RELATIONS),
  activation_threshold: z.number(),
  relations: relationsSchema,
  relations_left_out: z.array(leftOutSchema).max(MAX_RELATIONS).optional(),
  checkpoint: checkpointSchema,
  provenance: z.object(provenanceShape),
  unexplained_variance: z.number().nonnegative().nullish(),
  misfits: z.array(text()).optional(),
  files_sha256: named(sha256).optional(),
}).refine(({ sae, n_relation, relations }) => {
  return sae === "supervised"
    ? relations.every(({ index }) => index < n_relation)
    : n_relation === 0;
}, "the slots do not fit the kind of SAE and its relations");

/**
 * The schema of `layer{00}_analysis.json`.
 *
 * @example
 * ```ts
 * import { layerRecordSchema } from "@coact/coact";
 *
 * const text = JSON.stringify(layerRecordSchema.toJSONSchema()); // for other tools that read layer06_analysis.json
 * console.log(text.length);
 * ```
 */
export const layerRecordSchema: Schema<LayerRecord> = schemaOfFile(fileSchema, fromFile);
