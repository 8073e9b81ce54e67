/**
 * What a `config.json` says about rotary positions, as transformers 4 and 5 write it.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Rope, RopeScaling } from "../parts/rope.ts";
import { count } from "./config_fields.ts";

/** `rope_parameters` of transformers 5, or `rope_scaling` of 4. */
export interface RopeParameters {
  rope_type?: string | null | undefined;
  type?: string | null | undefined;
  rope_theta?: number | null | undefined;
  partial_rotary_factor?: number | null | undefined;
  factor?: number | null | undefined;
  low_freq_factor?: number | null | undefined;
  high_freq_factor?: number | null | undefined;
  original_max_position_embeddings?: number | null | undefined;
}

const positive = z.number().positive().lt(1e12);
const fraction = z.number().positive().max(1);

/** The schema of one rope. */
export const ropeParameters: z.ZodType<RopeParameters> = z.looseObject({
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
  rope_theta: positive.nullish(),
  partial_rotary_factor: fraction.nullish(),
  factor: positive.nullish(),
  low_freq_factor: positive.nullish(),
  high_freq_factor: positive.nullish(),
  original_max_position_embeddings: count.nullish(),
});

/** The fields of a `config.json` that have to do with rope. */
export const ropeFields: {
  rope_theta: z.ZodType<number | null | undefined>;
  partial_rotary_factor: z.ZodType<number | null | undefined>;
  rope_scaling: z.ZodType<RopeParameters | null | undefined>;
  original_max_position_embeddings: z.ZodType<number | null | undefined>;
} = {
  rope_theta: positive.nullish(),
  partial_rotary_factor: fraction.nullish(),
  rope_scaling: ropeParameters.nullish(),
  original_max_position_embeddings: count.nullish(),
};

/** What stands outside of a rope's own parameters. */
export interface RopeDefaults {
  /** The base where the parameters have none. */
  readonly theta: number;
  /** Which part of a head is rotated where they do not say it. */
  readonly fraction: number;
  /** How many numbers a head has. */
  readonly headSize: number;
  /** For which length the model was trained before it was scaled, where they do not say it. */
  readonly positions: number;
  /** The file, for messages. */
  readonly path: string;
}

/**
 * The rope that some parameters describe.
 *
 * @throws {InputError} If its scaling is not implemented, or lacks a number.
 */
export function ropeOf(given: RopeParameters | null | undefined, defaults: RopeDefaults): Rope {
  const parameters = given ?? {};
  const { headSize, path } = defaults;
  const share = parameters.partial_rotary_factor ?? defaults.fraction;
  const dimension = Math.floor(headSize * share);
  if (dimension < 1 || 2 * Math.ceil(dimension / 2) > headSize) {
    throw new InputError(
      `${path}: of heads of ${headSize} numbers, the part ${share} is to be rotated, which makes ` +
        "no pairs",
    );
  }
  return {
    theta: parameters.rope_theta ?? defaults.theta,
    dimension,
    scaling: scalingOf(parameters, defaults),
  };
}

function scalingOf(parameters: RopeParameters, { path, positions }: RopeDefaults): RopeScaling {
  const type = parameters.rope_type ?? parameters.type ?? "default";
  const number = (name: "factor" | "low_freq_factor" | "high_freq_factor") => {
    const value = parameters[name];
    if (value != null) return value;
    throw new InputError(`${path}: the rope scaling ${type} lacks ${name}`);
  };
  switch (type) {
    case "default":
      return { type };
    case "linear":
      return { type, factor: number("factor") };
    case "llama3":
      return {
        type,
        factor: number("factor"),
        lowFrequencyFactor: number("low_freq_factor"),
        highFrequencyFactor: number("high_freq_factor"),
        originalPositions: parameters.original_max_position_embeddings ?? positions,
      };
    default:
      throw new InputError(
        `${path}: the rope scaling ${type} is not implemented; known are default, linear and llama3`,
      );
  }
}
