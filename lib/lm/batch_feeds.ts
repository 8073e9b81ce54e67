/**
 * A batch of prompts as the inputs of a decoder's graph.
 *
 * @module
 */
import type { Feed } from "../compute/ort_session.ts";
import type { PromptBatch } from "./prompt_batches.ts";

/** The inputs by their names. */
export function feedsOf(
  { prompts, length, tokens, positions, paths, firsts }: PromptBatch,
): Record<string, Feed> {
  const nodes = [tokens.length];
  return {
    tokens: { data: tokens, shape: nodes },
    positions: { data: positions, shape: nodes },
    firsts: { data: firsts, shape: nodes },
    paths: { data: paths, shape: [prompts.length, length] },
  };
}
