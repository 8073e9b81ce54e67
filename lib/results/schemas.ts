/**
 * What stands in the JSON files that coact writes. The interfaces document the fields; the schemas
 * check them when a file is read back.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../files/json.ts";
import { visibleText } from "../base/visible_text.ts";
import { MAX_RELATIONS } from "../questions/relations.ts";
import {
  areDistinct,
  byteCount,
  count,
  fraction,
  index,
  layer,
  layers,
  LONGEST,
  MAX,
  named,
  sha256,
  text,
} from "./schema_parts.ts";

/** A relation, and how many questions about it were used. */
export interface RelationRecord {
  /** Its number, `rule_idx` in the question file, and its slot. */
  index: number;
  /** Its name in JSON files. */
  key: string;
  /** Its name for readers. */
  label: string;
  /** How many questions were used. */
  questions: number;
}

/** What names a relation. */
const relationNames = {
  index,
  key: text(LONGEST.key).min(1).refine(
    (key) => key !== "__proto__",
    "this name would be lost in JSON",
  ),
  label: text(LONGEST.label)
    .refine((label) => label === visibleText(label), "it holds what is not to be seen"),
};

const relationSchema: z.ZodType<RelationRecord> = z.object({ ...relationNames, questions: count });

/** A relation that a run left out, as others were picked. */
const leftOutSchema = z.object(relationNames);

/** The rows of a matrix: results are told apart by a relation's key, and slots by its number. */
const relationsSchema = z.array(relationSchema).min(1).max(MAX_RELATIONS)
  .refine((all) => areDistinct(all.map(({ key }) => key)), "two relations have the same key")
  .refine((all) => areDistinct(all.map(({ index }) => index)), "two relations have the same index");

/** `layer{00}_analysis.json`: what the arrays of a layer are, so that they can be used alone. */
export interface LayerRecord {
  /** The layer. */
  layer: number;
  /** What that is. */
  hidden_state: string;
  /** The kind of SAE. */
  sae: "supervised" | "traditional";
  /** The width of the hidden states. */
  d_model: number;
  /** How many free features there are. */
  n_free: number;
  /** How many slots there are. */
  n_relation: number;
  /** Activations above it count for the consistency. */
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
   * variance of all; above 1, SAE and layer hardly belong together. Null without a decoder.
   */
  unexplained_variance?: number | null | undefined;
  /** The SHA-256 of each of the layer's other files of numbers, by name; set when it is written. */
  files_sha256?: Record<string, string> | undefined;
}

/** What was read of a checkpoint. */
export interface CheckpointRecord {
  /** The file. */
  path: string;
  /** The SHA-256 of its pickle, then its encoder's weight and bias as float32, rows first. */
  encoder_sha256: string;
  /**
   * The SHA-256 of its decoder's weight and bias as float32, rows first: `unexplained_variance`
   * depends on it. Null without a decoder.
   */
  decoder_sha256?: string | null | undefined;
  /** How many of its bytes were read. */
  bytes_read: number;
  /** How many it has. */
  bytes: number;
}

/** What a result was made of: enough to repeat it. */
export interface Provenance {
  /** The options of the analysis, defaults included. */
  options: Record<string, string | number | null>;
  /** Where it ran. */
  backend: BackendRecord;
  /** Versions of coact and of what its numbers depend on. */
  versions: Record<string, string>;
  /** The SHA-256 of each input file, by path; of the SAEs see `checkpoint`. */
  input_sha256: Record<string, string>;
  /**
   * The deepest layer asked for. In its last block only last tokens are computed, which may change
   * the last bits of what comes out of it.
   */
  deepest_layer: number;
}

/** Where a result was computed. */
export interface BackendRecord {
  /** What was asked for. */
  requested: string;
  /** What was chosen: `gpu`, `cpu` or `wasm`. */
  device: string;
  /** What that is; the number of a CPU's threads, which changes no number, is no part of it. */
  name: string;
  /** Why it was chosen. */
  reason: string;
  /** What ran the language model. */
  language_model: string;
  /** What encoded and reduced. */
  encoder: string;
}

const provenanceShape = {
  options: named(z.union([text(LONGEST.option), z.number(), z.null()])),
  backend: z.object({
    requested: text(),
    device: text(),
    name: text(),
    reason: text(LONGEST.path),
    language_model: text(),
    encoder: text(),
  }),
  versions: named(text()),
  input_sha256: named(sha256, { longest: LONGEST.path }),
  deepest_layer: layer,
};

const provenanceSchema: z.ZodType<Provenance> = z.object(provenanceShape);

const checkpointSchema: z.ZodType<CheckpointRecord> = z.object({
  path: text(LONGEST.path),
  encoder_sha256: sha256,
  decoder_sha256: sha256.nullish(),
  bytes_read: byteCount,
  bytes: byteCount,
});

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
export const layerRecordSchema: Schema<LayerRecord> = z.object({
  layer,
  hidden_state: text(),
  sae: z.enum(["supervised", "traditional"]),
  d_model: count,
  n_free: count,
  n_relation: z.int().nonnegative().max(MAX_RELATIONS),
  activation_threshold: z.number(),
  relations: relationsSchema,
  relations_left_out: z.array(leftOutSchema).max(MAX_RELATIONS).optional(),
  checkpoint: checkpointSchema,
  provenance: provenanceSchema,
  unexplained_variance: z.number().nonnegative().nullish(),
  files_sha256: named(sha256).optional(),
}).refine(({ sae, n_relation, relations }) => {
  return sae === "traditional"
    ? n_relation === 0
    : relations.every(({ index }) => index < n_relation);
}, "the slots do not fit the kind of SAE and its relations");

/** How well the slots of a layer work; all null for a traditional SAE, which has none. */
export interface LayerSummary {
  /** The layer. */
  layer: number;
  /** What that is. */
  hidden_state: string;
  /** The kind of SAE. */
  sae: "supervised" | "traditional";
  /** How many free features there are. */
  n_free: number;
  /** How many slots there are. */
  n_relation: number;
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

/** `analysis_summary.json`: what was analysed, from what, with what, and the layers compared. */
export interface AnalysisSummary {
  /** The layers with results, ascending. */
  layers_analyzed: number[];
  /** How many questions of each relation were asked for. */
  samples_per_relation: number;
  /** How many questions were used. */
  total_questions: number;
  /** How many free features the SAEs have; null if that differs between layers. */
  n_free: number | null;
  /** How many slots the SAEs have; null if that differs between layers. */
  n_relation: number | null;
  /** What a layer is. */
  layer_convention: string;
  /** The relations. */
  relations: RelationRecord[];
  /** The layers, compared. */
  layers: LayerSummary[];
  /** Layers that were asked for and have no result, and why. */
  layers_skipped: { layer: number; reason: string }[];
  /** What the results were made of besides the SAEs: an entry for each run that they come from. */
  provenance: (Provenance & { layers: number[] })[];
}

/** `analysis_times.json`: how long a run took, apart from what is the same each time. */
export interface AnalysisTimes {
  /** The layers of the run, ascending, those included that were there already. */
  layers_analyzed: number[];
  /** How long each phase took, in seconds, in their order. */
  phase_seconds: Record<string, number>;
}

const layerSummarySchema: z.ZodType<LayerSummary> = z.object({
  layer,
  hidden_state: text(),
  sae: z.enum(["supervised", "traditional"]),
  n_free: index,
  n_relation: z.int().nonnegative().max(MAX_RELATIONS),
  mean_diagonal: z.number().nullable(),
  mean_off_diagonal: z.number().nullable(),
  binding_accuracy: fraction.nullable(),
  binding_accuracy_by_relation: named(fraction, { longest: LONGEST.key, most: MAX_RELATIONS })
    .nullable(),
  checkpoint: checkpointSchema,
});

/** Something for each of some layers, of none twice. */
function distinctLayers<T extends { layer: number }>(value: z.ZodType<T>): z.ZodType<T[]> {
  return z.array(value).max(MAX.layer + 1)
    .refine((all) => areDistinct(all.map(({ layer }) => layer)), "a layer is there twice");
}

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
export const analysisSummarySchema: Schema<AnalysisSummary> = z.object({
  layers_analyzed: layers,
  samples_per_relation: count,
  total_questions: count,
  n_free: index.nullable(),
  n_relation: index.nullable(),
  layer_convention: text(),
  relations: relationsSchema,
  layers: distinctLayers(layerSummarySchema),
  layers_skipped: distinctLayers(z.object({ layer, reason: text(LONGEST.path) })),
  provenance: z.array(z.object({ ...provenanceShape, layers })).max(MAX.layer + 1),
});

/**
 * The schema of `analysis_times.json`.
 *
 * @example
 * ```ts
 * import { analysisTimesSchema } from "@coact/coact";
 *
 * const text = JSON.stringify(analysisTimesSchema.toJSONSchema()); // for other tools that read analysis_times.json
 * console.log(text.length);
 * ```
 */
export const analysisTimesSchema: Schema<AnalysisTimes> = z.strictObject({
  layers_analyzed: layers,
  phase_seconds: named(z.number().nonnegative().max(MAX.seconds)),
});
