/**
 * The types of schemas that are parts of others.
 *
 * @module
 */
import type { z } from "zod";

/**
 * A schema that can be part of another.
 *
 * @internal
 */
export type Zod<T> = z.ZodType<T>;

/**
 * A schema for each field of an object.
 *
 * @internal
 */
export type Shape<T> = { [K in keyof T]-?: Zod<T[K]> };
