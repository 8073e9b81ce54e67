/**
 * What results say of how they were made.
 *
 * @module
 */
import { z } from "zod";
import type { Shape } from "../files/schema_shape.ts";
import type { LayerName } from "./layer_name.ts";
import { layer, LONGEST, named, sha256, text } from "./schema_parts.ts";

/** What a result was made of: enough to repeat it. */
export interface Provenance {
  /** The options of the analysis, defaults included; of prompts only what does not hold by default anyway. */
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

/** The schemas of what a result was made of. */
export const provenanceShape: Shape<Provenance> = {
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
