/**
 * What SAELens' `cfg.json` says of matching pursuit.
 *
 * @module
 */
import { z } from "zod";
import type { Shape } from "../../files/schema_shape.ts";

/** The fields as they are written. */
export interface PursuitFields {
  /** See {@linkcode WrittenPursuit}. */
  residual_threshold?: number | undefined;
  /** See {@linkcode WrittenPursuit}. */
  max_iterations?: number | null | undefined;
  /** See {@linkcode WrittenPursuit}. */
  stop_on_duplicate_support?: boolean | undefined;
}

/** Their schemas. */
export const pursuitFields: Shape<PursuitFields> = {
  residual_threshold: z.number().optional(),
  max_iterations: z.int().min(1).nullish(),
  stop_on_duplicate_support: z.boolean().optional(),
};

/** What is said of matching pursuit. */
export interface WrittenPursuit {
  /** The length of what is left of a state below which nothing is picked any more. */
  readonly residualThreshold: number;
  /** How many picks there are at most; undefined: as many as a state has numbers. */
  readonly maxIterations: number | undefined;
  /** Whether it ends with a pick that adds no new feature. */
  readonly stopsOnDuplicate: boolean;
}

/** What is said of matching pursuit; what is not said is as in SAELens. */
export function pursuitOf(written: PursuitFields): WrittenPursuit {
  return {
    residualThreshold: written.residual_threshold ?? 1e-2,
    maxIterations: written.max_iterations ?? undefined,
    stopsOnDuplicate: written.stop_on_duplicate_support ?? true,
  };
}
