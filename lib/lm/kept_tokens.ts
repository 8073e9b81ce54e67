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

/**
 * For each row the rows that its state is for. Attention is causal, so that prompts that begin alike have the
 * same states there; but a device may round them differently in batches of other lengths, and whoever ranks
 * pooled features would tell the lengths apart by that. So the shortest prompt gives the state to all.
 *
 * @param prompts The token ids of each prompt.
 * @returns Undefined where one token of each is kept: prompts end there, and equal ones are of one batch.
 */
export function sharedRowsOf(
  prompts: readonly (readonly number[])[],
  tokens: KeptTokens,
): readonly (readonly number[])[] | undefined {
  if (tokens === undefined || tokens.every(({ length }) => length === 1)) return undefined;
  const first = firstRows(prompts.length, tokens);
  const shared = Array.from({ length: first.at(-1)! }, (): number[] => []);
  // A beginning is a beginning and one token more; a number takes less memory than a text.
  const beginnings = new Map<number, number>();
  const vocabulary = 1 +
    prompts.reduce((most, ids) => ids.reduce((most, id) => Math.max(most, id), most), 0);
  const owners = new Map<number, number>();
  const shortestFirst = [...prompts.keys()].sort((a, b) =>
    prompts[a]!.length - prompts[b]!.length || a - b
  );
  for (const prompt of shortestFirst) {
    const rows = new Map(tokens[prompt]!.map((token, i) => [token, first[prompt]! + i]));
    let before = 0;
    prompts[prompt]!.forEach((id, token) => {
      const beginning = before * vocabulary + id;
      before = beginnings.get(beginning) ?? beginnings.size + 1;
      beginnings.set(beginning, before);
      const row = rows.get(token);
      if (row === undefined) return;
      const owner = owners.get(before) ?? row;
      owners.set(before, owner);
      shared[owner]!.push(row);
    });
  }
  return shared;
}
