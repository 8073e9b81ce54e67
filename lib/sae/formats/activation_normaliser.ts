/**
 * What jkminder's fork of dictionary_learning does to hidden states before its SAE reads them.
 *
 *     x' = (x - mean) scale,  and back: y / (scale + 1e-8) + mean
 *
 * `scale` is one number for all dimensions; the deviation that lies beside it was used to find it.
 *
 * Source: https://github.com/jkminder/dictionary_learning.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { InputStep } from "../input.ts";
import { freeNumbers } from "../feature_rows.ts";
import type { SaeDecoder } from "../sae.ts";
import { expectShape } from "./tensor_checks.ts";

/** What is added to the scale on the way back. */
const EPSILON = 1e-8;

/** A normaliser that is in use. */
export interface Normaliser {
  /** What is subtracted. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** What is multiplied with. */
  readonly scale: number;
  /** The same as steps. */
  readonly input: readonly InputStep[];
}

/**
 * Reads the normaliser.
 *
 * @returns Undefined if the file has none, or has it switched off: its mean and deviation are NaN.
 * @throws {InputError} If a part of it is missing or of no use.
 */
export async function normaliserOf(
  file: TensorFile,
  width: number,
): Promise<Normaliser | undefined> {
  const [meanName, stdName, scaleName] = [
    "activation_mean",
    "activation_std",
    "activation_global_scale",
  ] as const;
  if (![meanName, stdName, scaleName].some((name) => file.tensors.has(name))) return undefined;
  for (const name of [meanName, stdName]) expectShape(file, name, [width]);
  const mean = await file.readNumbers(meanName);
  const deviation = await file.readNumbers(stdName);
  if ([...mean, ...deviation].every(Number.isNaN)) return undefined;
  for (const [name, values] of [[meanName, mean], [stdName, deviation]] as const) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at === -1) continue;
    throw new InputError(
      `${file.path}: tensor ${name} holds ${
        values[at]
      } at position ${at}, expected finite numbers, ` +
        `or NaN in all of ${meanName} and ${stdName}, which means that nothing is normalised`,
    );
  }
  expectShape(file, scaleName, []);
  const scale = (await file.readNumbers(scaleName))[0]!;
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw new InputError(`${file.path}: ${scaleName} is ${scale}, expected a number above 0`);
  }
  const vector = Float32Array.from(mean);
  return {
    mean: vector,
    scale,
    input: [{ kind: "subtract", vector }, { kind: "scale", factor: scale }],
  };
}

/**
 * A decoder that goes back to the units of the hidden states. What its SAE's steps did is undone by
 * whoever decodes: of these the scale, so that what is left is the mean, in the decoder's units.
 */
export function withNormaliser(decoder: SaeDecoder, { mean, scale }: Normaliser): SaeDecoder {
  const back = scale / (scale + EPSILON);
  return {
    ...decoder,
    bias: decoder.bias.map((b, i) => b * back + mean[i]! * scale),
    rows: {
      width: decoder.width,
      async read(first, count) {
        const rows = await decoder.rows.read(first, count);
        const scaled = rows.map((w) => w * back);
        decoder.rows.release?.(rows);
        return scaled;
      },
      release: freeNumbers,
    },
  };
}
