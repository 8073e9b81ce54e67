/**
 * Groups prompts for the language model, so that nothing is computed twice or in vain.
 *
 * Attention is causal: what the model makes of a token depends on that token and those before it,
 * and on nothing else. Prompts that begin alike ("Q: When was …") thus share the computation of
 * their common beginning. Within a batch each distinct beginning is one _node_: a token, with all
 * before it. All but attention itself is computed once for each node.
 *
 * @module
 */

/** Prompts of equal length that run together. */
export interface PromptBatch {
  /** Which prompts they are, by their positions in the whole list. */
  readonly prompts: readonly number[];
  /** How many tokens each of them has. */
  readonly length: number;
  /** The token of each node. */
  readonly tokens: Int32Array;
  /** Where in its prompts each node stands, from 0. */
  readonly positions: Int32Array;
  /** The node of each token of each prompt, `[prompts, length]`. */
  readonly paths: Int32Array;
  /** Where in `paths` each node is met first. */
  readonly firsts: Int32Array;
}

/**
 * Groups prompts by their exact length, so that no batch holds padding and no attention mask is
 * needed, and within a length puts those together that begin alike.
 *
 * @param prompts The token ids of each prompt.
 * @param maxNodes The most nodes a batch may have; a longer prompt runs alone.
 * @returns Batches from the shortest to the longest prompts.
 */
export function* batchPrompts(
  prompts: readonly (readonly number[])[],
  maxNodes: number,
): Generator<PromptBatch> {
  const byLength = Map.groupBy(prompts.keys(), (prompt) => prompts[prompt]!.length);
  for (const [length, group] of [...byLength].sort(([a], [b]) => a - b)) {
    const sorted = group.toSorted((a, b) => compare(prompts[a]!, prompts[b]!) || a - b);
    for (const cut of cutGroup(prompts, sorted, maxNodes)) yield makeBatch(prompts, cut, length);
  }
}

/** Cuts prompts in their sorted order into runs with no more nodes than are allowed. */
function* cutGroup(
  prompts: readonly (readonly number[])[],
  sorted: readonly number[],
  maxNodes: number,
): Generator<number[]> {
  let cut: number[] = [];
  let nodes = 0;
  for (const prompt of sorted) {
    const tokens = prompts[prompt]!;
    const previous = cut.length === 0 ? [] : prompts[cut.at(-1)!]!;
    const added = tokens.length - commonBeginning(previous, tokens);
    if (cut.length > 0 && nodes + added > maxNodes) {
      yield cut;
      cut = [];
      nodes = 0;
    }
    nodes += cut.length === 0 ? tokens.length : added;
    cut.push(prompt);
  }
  if (cut.length > 0) yield cut;
}

function makeBatch(
  all: readonly (readonly number[])[],
  prompts: readonly number[],
  length: number,
): PromptBatch {
  const tokens: number[] = [];
  const positions: number[] = [];
  const firsts: number[] = [];
  const paths = new Int32Array(prompts.length * length);
  let previous: readonly number[] = [];
  prompts.forEach((prompt, row) => {
    const ids = all[prompt]!;
    const start = row * length;
    const shared = commonBeginning(previous, ids);
    paths.set(paths.subarray(start - length, start - length + shared), start);
    for (let position = shared; position < length; position++) {
      paths[start + position] = tokens.length;
      firsts.push(start + position);
      positions.push(position);
      tokens.push(ids[position]!);
    }
    previous = ids;
  });
  return {
    prompts,
    length,
    tokens: Int32Array.from(tokens),
    positions: Int32Array.from(positions),
    paths,
    firsts: Int32Array.from(firsts),
  };
}

/** How many tokens two prompts have in common at their beginnings. */
function commonBeginning(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length);
  let count = 0;
  while (count < end && a[count] === b[count]) count++;
  return count;
}

/** The order of prompts of one length, by their first different token. */
function compare(a: readonly number[], b: readonly number[]): number {
  const at = commonBeginning(a, b);
  return at === a.length ? 0 : a[at]! - b[at]!;
}
