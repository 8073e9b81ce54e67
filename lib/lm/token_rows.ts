/**
 * The rows of an embedding's table that some prompts need: a table of 256,000 tokens has gigabytes,
 * the prompts a few thousand tokens.
 *
 * @module
 */

/** Prompts whose token ids count the rows of a smaller table. */
export interface CompactPrompts {
  /** The tokens of all prompts, each once, in ascending order: the smaller table's rows. */
  readonly rows: readonly number[];
  /** The prompts, each token as its position among the rows. Order and equality stay as they were. */
  readonly prompts: readonly (readonly number[])[];
}

/** Numbers the tokens of prompts anew, so that only the rows of these tokens are needed. */
export function compactPrompts(prompts: readonly (readonly number[])[]): CompactPrompts {
  const rows = [...new Set(prompts.flat())].sort((a, b) => a - b);
  const positions = new Map(rows.map((token, position) => [token, position]));
  return { rows, prompts: prompts.map((ids) => ids.map((id) => positions.get(id)!)) };
}
