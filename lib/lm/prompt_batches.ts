/**
 * Groups prompts for the language model.
 *
 * @module
 */

/** Prompts of equal length that run together. */
export interface PromptBatch {
  /** Which prompts they are, by their positions in the whole list. */
  readonly prompts: readonly number[];
  /** How many tokens each of them has. */
  readonly length: number;
}

/**
 * Groups prompts by their exact length, so that no batch holds padding: nothing is computed in
 * vain, and no attention mask is needed.
 *
 * @param lengths The length of each prompt, in tokens.
 * @param maxTokens The most tokens a batch may have; a longer prompt runs alone.
 * @returns Batches from the shortest to the longest prompts.
 */
export function batchPrompts(lengths: readonly number[], maxTokens: number): PromptBatch[] {
  const byLength = Map.groupBy(lengths.keys(), (prompt) => lengths[prompt]!);
  const batches: PromptBatch[] = [];
  for (const [length, prompts] of [...byLength].sort(([a], [b]) => a - b)) {
    const size = Math.max(1, Math.floor(maxTokens / length));
    for (let start = 0; start < prompts.length; start += size) {
      batches.push({ prompts: prompts.slice(start, start + size), length });
    }
  }
  return batches;
}
