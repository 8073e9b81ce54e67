/**
 * What a `config.json` says about rotary positions, as transformers 4 and 5 write it.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { Rope, RopeScaling } from "../parts/rope.ts";
import type { RopeFields, RopeParameters, SizeFields } from "./config_fields.ts";

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
  if (parameters.full_attention != null || parameters.sliding_attention != null) {
    throw new InputError(
      `${path}: rope_parameters has a rope for each kind of block, which is implemented for ` +
        "gemma3_text alone",
    );
  }
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

/** For which length a model was first trained. */
export function originalPositions(fields: RopeFields & SizeFields): number {
  return fields.original_max_position_embeddings ?? fields.max_position_embeddings;
}
