/**
 * What results say of the SAE that they are of.
 *
 * @module
 */
import { z } from "zod";
import type { Shape, Zod } from "../files/schema_shape.ts";
import { parseSite } from "../lm/site.ts";
import { byteCount, count, LONGEST, named, sha256, text } from "./schema_parts.ts";

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
  /** How many features of a question are kept, if no file says it: a path does, or the user. */
  k?: number | undefined;
  /** Whether a feature's activation may be negative. */
  signed?: boolean | undefined;
  /** Whether the mean of its numbers was subtracted from each state, as when it was trained. */
  centred?: boolean | undefined;
  /** How many features of a question its files say to be active on average. */
  declared_l0?: number | undefined;
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

/** The schema of what was read of a checkpoint. */
export const checkpointSchema: Zod<CheckpointRecord> = z.object({
  path: text(LONGEST.path),
  encoder_sha256: sha256,
  decoder_sha256: sha256.nullish(),
  bytes_read: byteCount,
  bytes: byteCount,
  files_sha256: named(sha256, { longest: LONGEST.path }).optional(),
});

/** The schemas of what is said of an SAE that is not AlignSAE's. */
export const sourceShape: Shape<SourceRecord> = {
  site: text().refine((site) => parseSite(site) !== undefined, "it is no site").optional(),
  format: text().optional(),
  architecture: text().optional(),
  k: count.optional(),
  signed: z.boolean().optional(),
  centred: z.boolean().optional(),
  declared_l0: z.number().nonnegative().optional(),
};

/** The schema of what an SAE is called. */
export const saeWord: Zod<SaeWord> = z.enum(["supervised", "traditional", "unsupervised"]);
