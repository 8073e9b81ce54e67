/**
 * `layer{00}_selectivity.json`: what the arrays of a layer's selectivity are.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../files/json.ts";
import { MAX_RELATIONS } from "../questions/relations.ts";
import { MEASURES } from "../stats/selectivity/selectivity.ts";
import { type NullRecord, nullRecordSchema } from "./null_record.ts";
import { count, index, LONGEST, named, sha256, text } from "./schema_parts.ts";

/** A change of the method that changes numbers changes this. */
export const METHOD = 1;

/** Of each group, the activations of so many features are kept: the farthest from ½ on the choosing half. */
export const LISTED_PER_GROUP = 50;

/** A group of questions. */
export interface GroupRecord {
  /** The relation's number. */
  index: number;
  /** Its name in files. */
  key: string;
  /** Its name for readers. */
  label: string;
  /** How many questions are in the group. */
  n_in: number;
  /** How many are not. */
  n_out: number;
  /** How many persons have a question in it; null if persons are not known. */
  persons: number | null;
}

/** What the arrays of a layer's selectivity are. */
export interface SelectivityRecord {
  /** The version of the method. */
  method: number;
  /** The site; where several SAEs read it, the column `site` of the table says which one, too. */
  site: string;
  /** The groups, one for each row of a measure's matrix. */
  groups: GroupRecord[];
  /** How many features there are. */
  n_features: number;
  /** An activation above it is active. */
  activation_threshold: number;
  /** How many persons there are; null if they are not known. */
  persons: number | null;
  /** The names of the persons, by their numbers; null if not known, missing in older files. */
  person_names?: string[] | null | undefined;
  /** The names of the wordings; null if they are not known. */
  wordings: string[] | null;
  /** The measures, in their order in `layer{00}_selectivity.npy`. */
  measures: string[];
  /** The features in `layer{00}_listed_activations.npy`, ascending. */
  listed: number[];
  /** How persons were divided: features are chosen on some, and estimated on the others. */
  halves: { seed: number; choosing: number; estimating: number };
  /** What is found without the SAE; missing in older files. */
  nulls?: NullRecord | undefined;
  /** What holds of all these numbers, in sentences. */
  notes: string[];
  /** The SHA-256 of the layer's activation matrix, of the same encoding. */
  activation_matrix_sha256: string;
  /** The SHA-256 of the arrays, by name. */
  files_sha256: Record<string, string>;
}

/** The schema of {@linkcode SelectivityRecord}. */
export const selectivityRecordSchema: Schema<SelectivityRecord> = z.object({
  method: z.literal(METHOD),
  site: text(),
  groups: z.array(z.object({
    index,
    key: text(LONGEST.key),
    label: text(LONGEST.label),
    n_in: index,
    n_out: index,
    persons: index.nullable(),
  })).min(1).max(MAX_RELATIONS),
  n_features: count,
  activation_threshold: z.number(),
  persons: index.nullable(),
  person_names: z.array(text(10_000)).nullable().optional(),
  wordings: z.array(text(10_000)).nullable(),
  measures: z.array(text()).refine(
    (names) => names.join() === MEASURES.join(),
    "the measures are others than this version's",
  ),
  listed: z.array(index),
  halves: z.object({ seed: index, choosing: index, estimating: index }),
  nulls: nullRecordSchema.optional(),
  notes: z.array(text()),
  activation_matrix_sha256: sha256,
  files_sha256: named(sha256),
}) satisfies z.ZodType<SelectivityRecord>;
