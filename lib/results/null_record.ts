/**
 * What is found without an SAE that was trained: the part `nulls` of `layer{00}_selectivity.json`.
 *
 * @module
 */
import { z } from "zod";
import type { Zod } from "../files/schema_shape.ts";
import { count, fraction, index, LONGEST, text } from "./schema_parts.ts";

/**
 * What is looked at: features of the SAE; an encoder with random directions of the same lengths; the
 * numbers of the hidden state themselves; the difference-of-means direction of each group.
 */
export const NULL_SETS = [
  "sae",
  "random_encoder",
  "neurons",
  "difference_of_means",
] as const;

/** One of them. */
export type NullSetName = (typeof NULL_SETS)[number];

/** A change of how they are computed changes this: earlier ones are computed again. */
export const NULL_METHOD = 1;

/** How long a list of the strongest features of a relation is: the guide's. */
export const LIST_LENGTH = 50;

/** What tells a group apart best in a set. */
export interface NullBest {
  /** The group's key. */
  group: string;
  /** Its number in the set: of the SAE, the feature's; of a random encoder, that of the feature whose
   * length it has. Null if there is none that is higher for the group; a direction has none. */
  feature: number | null;
  /** Whether it is turned round, as a neuron may be: lower activations are those of the group. */
  turned: boolean;
  /** Its AUROC on the half of the persons on which it was chosen, or fitted. */
  auroc_choosing: number | null;
  /** Its AUROC on the other half. */
  auroc: number | null;
  /** The lower end of the 95 % interval of that. */
  auroc_low: number | null;
  /** The upper end. */
  auroc_high: number | null;
  /** Why there is no number, or no interval; null if both are there. */
  reason: string | null;
}

/** What was found in a set. */
export interface NullSet {
  /** Which. */
  name: NullSetName;
  /** How many features it has. */
  features: number;
  /** The share of all activations that are above the threshold; null of directions. */
  active: number | null;
  /** How many pairs of a group and a feature were tested. */
  tests: number;
  /** How many of them are discoveries, with q over the tests of the set at this site. */
  discoveries: number;
  /** The best of each group, chosen on one half of the persons and estimated on the other. */
  best: NullBest[];
}

/** What is found without an SAE that was trained. */
export interface NullRecord {
  /** The version of the method. */
  method: number;
  /** The seed of the random directions. */
  seed: number;
  /** How many free features the SAE has, of which those of the sets `sae` and `random_encoder` are a part. */
  of: number;
  /** The sets. The best of each are rows of `layer{00}_null_activations.npy`, set by set, group by group. */
  sets: NullSet[];
  /** The free features that may be among the strongest of a relation, whatever relations are called. */
  lists: {
    /** Them, the rows of `layer{00}_list_activations.npy`. */
    features: number[];
    /** Whether there are too many to be kept; then none is. */
    too_many: boolean;
  };
}

const value = z.number().nullable();

const bestSchema: z.ZodType<NullBest> = z.object({
  group: text(LONGEST.key),
  feature: index.nullable(),
  turned: z.boolean(),
  auroc_choosing: value,
  auroc: value,
  auroc_low: value,
  auroc_high: value,
  reason: text().nullable(),
});

/** The schema of {@linkcode NullRecord}. */
export const nullRecordSchema: Zod<NullRecord> = z.object({
  method: z.int(),
  seed: index,
  of: count,
  sets: z.array(z.object({
    name: z.enum(NULL_SETS),
    features: index,
    active: fraction.nullable(),
    tests: index,
    discoveries: index,
    best: z.array(bestSchema),
  })).length(NULL_SETS.length),
  lists: z.object({ features: z.array(index), too_many: z.boolean() }),
});
