/**
 * What the fields of a `config.json` may hold.
 *
 * @module
 */
import { z } from "zod";

/** A size: of a vocabulary, of a row, of heads. */
export const count: z.ZodInt = z.int().positive().lt(2 ** 24);

/** How many blocks there are. */
export const blockCount: z.ZodInt = z.int().positive().lt(1000);
