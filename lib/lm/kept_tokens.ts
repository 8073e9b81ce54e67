/**
 * Which tokens' states are kept of each prompt, and in which rows they go: one a prompt, its last
 * token's, or those of several tokens.
 *
 * @module
 */
import type { PromptBatch } from "./prompt_batches.ts";

/** The tokens of each prompt that are kept, by their indices; undefined: the last of each. */
export type KeptTokens = readonly (readonly number[])[] | undefined;

/** Of each prompt the row of its first state; at the end, how many rows there are. */
export function firstRows(promptCount: number, tokens: KeptTokens): number[] {
  const first = [0];
  for (let i = 0; i < promptCount; i++) first.push(first[i]! + (tokens?.[i]?.length ?? 1));
  return first;
}

/** A state that a graph gave, and where it goes. */
export interface StateRow {
  /** Its row in what the graph gave of a batch: one a prompt, or one a node. */
  readonly from: number;
  /** Its row among all that are kept. */
  readonly to: number;
}

/**
 * What is kept of a batch.
 *
 * @param first As {@linkcode firstRows} says.
 */
export function stateRows(
  { prompts, length, paths }: PromptBatch,
  tokens: KeptTokens,
  first: readonly number[],
): StateRow[] {
  if (tokens === undefined) return prompts.map((prompt, row) => ({ from: row, to: prompt }));
  return prompts.flatMap((prompt, row) =>
    tokens[prompt]!.map((token, i) => ({
      from: paths[row * length + token]!,
      to: first[prompt]! + i,
    }))
  );
}
