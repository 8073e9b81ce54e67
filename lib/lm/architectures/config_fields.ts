/**
 * What the fields of a `config.json` may hold.
 *
 * @module
 */
import { z } from "zod";
import { type ActivationName, ACTIVATIONS } from "../parts/activation.ts";

/** A size: of a vocabulary, of a row, of heads. */
export const count: z.ZodInt = z.int().positive().lt(2 ** 24);

/** How many blocks there are. */
export const blockCount: z.ZodInt = z.int().positive().lt(1000);

/** What a norm adds to the variance. */
export const epsilon: z.ZodNumber = z.number().positive().lt(1);

/** The name of an activation function that is implemented. */
export const activationName: z.ZodEnum<{ [name in ActivationName]: name }> = z.enum(
  Object.keys(ACTIVATIONS) as ActivationName[],
) as z.ZodEnum<{ [name in ActivationName]: name }>;

/** A field that may be missing or null; then it has its default. */
export function orDefault<T>(schema: z.ZodType<T>, value: T): z.ZodType<T> {
  return schema.nullish().transform((given) => given ?? value) as unknown as z.ZodType<T>;
}
