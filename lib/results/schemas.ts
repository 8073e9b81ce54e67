/**
 * What stands in the JSON files that coact writes. The interfaces document the fields; the schemas
 * check them when a file is read back.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../files/json.ts";
import { parseSite } from "../lm/site.ts";
import { visibleText } from "../base/visible_text.ts";
import { MAX_RELATIONS } from "../questions/relations.ts";
import type { LayerName } from "./layer_name.ts";
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
  key: text(LONGEST.key).min(1),
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

/** What AlignSAE calls its SAEs, and `unsupervised` for those of others, which have no slots. */
export type SaeWord = "supervised" | "traditional" | "unsupervised";

/** What is said of an SAE that is not AlignSAE's; of AlignSAE's, its kind and the layer say it all. */
export interface SourceRecord {
  /** The site whose states it takes: `post 12`. */
  site?: string | undefined;
  /** The format of its files: `Gemma Scope`. */
  format?: string | undefined;
  /** What its owner calls its way to encode: `jumprelu`. */
  architecture?: string | undefined;
  /** How many features of a question are kept, if only the user could say it. */
  k?: number | undefined;
  /** Whether a feature's activation may be negative. */
  signed?: boolean | undefined;
  /** Whether the mean of its numbers was subtracted from each state, as when it was trained. */
  centred?: boolean | undefined;
  /** How many features of a question its files say to be active on average. */
  declared_l0?: number | undefined;
}

/** `layer{00}_analysis.json`: what the arrays of a layer are, so that they can be used alone. */
export interface LayerRecord extends SourceRecord {
  /** The layer: the number of a hidden state, or another name that its files begin with. */
  layer: LayerName;
  /** What that is. */
  hidden_state: string;
  /** The kind of SAE; `unsupervised` of all that are not AlignSAE's. */
  sae: SaeWord;
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
   * variance of all, or of these where it is not AlignSAE's; above 1, SAE and layer hardly belong
   * together. Null without a decoder.
   */
  unexplained_variance?: number | null | undefined;
  /** What spoke against an SAE that was used all the same, in sentences; not of AlignSAE's. */
  misfits?: string[] | undefined;
  /** The SHA-256 of each of the layer's other files of numbers, by name; set when it is written. */
  files_sha256?: Record<string, string> | undefined;
}

/** What was read of a checkpoint. */
export interface CheckpointRecord {
  /** The file. */
  path: string;
  /**
   * The SHA-256 of its pickle, then its encoder's weight and bias as float32, rows first. Of another
   * format than AlignSAE's: of the text of `files_sha256`.
   */
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
  /** The SHA-256 of each of its files, by name; of another format than AlignSAE's. */
  files_sha256?: Record<string, string> | undefined;
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
   * The deepest layer asked for, or site (`post12`). In its last block only last tokens are computed, which may change
   * the last bits of what comes out of it.
   */
  deepest_layer: LayerName;
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
  files_sha256: named(sha256, { longest: LONGEST.path }).optional(),
});

/** What is said of an SAE that is not AlignSAE's. */
const sourceShape = {
  site: text().refine((site) => parseSite(site) !== undefined, "it is no site").optional(),
  format: text().optional(),
  architecture: text().optional(),
  k: count.optional(),
  signed: z.boolean().optional(),
  centred: z.boolean().optional(),
  declared_l0: z.number().nonnegative().optional(),
};

const saeWord = z.enum(["supervised", "traditional", "unsupervised"]);

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
  ...sourceShape,
  sae: saeWord,
  d_model: count,
  n_free: count,
  n_relation: z.int().nonnegative().max(MAX_RELATIONS),
  activation_threshold: z.number(),
  relations: relationsSchema,
  relations_left_out: z.array(leftOutSchema).max(MAX_RELATIONS).optional(),
  checkpoint: checkpointSchema,
  provenance: provenanceSchema,
  unexplained_variance: z.number().nonnegative().nullish(),
  misfits: z.array(text()).optional(),
  files_sha256: named(sha256).optional(),
}).refine(({ sae, n_relation, relations }) => {
  return sae === "supervised"
    ? relations.every(({ index }) => index < n_relation)
    : n_relation === 0;
}, "the slots do not fit the kind of SAE and its relations");

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
export interface LayerSummary extends SourceRecord, UnsupervisedSummary {
  /** The layer, as in its record. */
  layer: LayerName;
  /** What that is. */
  hidden_state: string;
  /** The kind of SAE. */
  sae: SaeWord;
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
  /** The layers with results, in the order in which a forward pass comes to them. */
  layers_analyzed: LayerName[];
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
  layers_skipped: { layer: LayerName; reason: string }[];
  /** What the results were made of besides the SAEs: an entry for each run that they come from. */
  provenance: (Provenance & { layers: LayerName[] })[];
}

/** `analysis_times.json`: how long a run took, apart from what is the same each time. */
export interface AnalysisTimes {
  /** The layers of the run, in order, those included that were there already. */
  layers_analyzed: LayerName[];
  /** How long each phase took, in seconds, in their order. */
  phase_seconds: Record<string, number>;
}

const layerSummarySchema: z.ZodType<LayerSummary> = z.object({
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
