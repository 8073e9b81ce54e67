/**
 * The tokens that an SAE is tried on. SAEs are trained on the tokens of whole texts, which is what
 * the number of active features that they declare is about; at one token of prompts that end alike,
 * states vary little, and even a sound SAE may explain none of that. AlignSAE's are trained on the
 * last tokens of prompts alone.
 *
 * @module
 */
import type { Rows } from "../files/rows.ts";
import type { Site } from "../lm/site.ts";
import type { SiteStates } from "./site_fits.ts";

/** How many prompts are read through. */
const PROMPTS = 32;
/** How many of their tokens are looked at, of all prompts together. */
const TOKENS = 256;

/** Prompts, and the tokens of each that are looked at. */
export interface TrialTokens {
  /** The prompts, as token ids. */
  readonly prompts: readonly (readonly number[])[];
  /** The tokens of each, by their indices. */
  readonly tokens: readonly (readonly number[])[];
}

/**
 * Tokens of prompts, spread over all of them, but for the first of each: language models use it for
 * what nothing else is to have, and its states are unlike all others.
 */
export function trialTokens(prompts: readonly (readonly number[])[]): TrialTokens {
  const some = spread(prompts, PROMPTS);
  const most = Math.ceil(TOKENS / Math.max(1, some.length));
  const tokens = some.map(({ length }) => {
    const all = Array.from(
      { length: Math.max(1, length - 1) },
      (_, i) => i + Math.min(1, length - 1),
    );
    return spread(all, most);
  });
  return { prompts: some, tokens };
}

/**
 * Their states. Those of one prompt are of the same half.
 *
 * @param store The states of these tokens, those of the first prompt first.
 */
export function trialStates(
  store: { at(site: Site): Rows },
  { tokens }: TrialTokens,
): SiteStates {
  const halves = tokens.flatMap((own, prompt) => own.map(() => prompt % 2 as 0 | 1));
  return { at: (site) => store.at(site), halfOf: (row) => halves[row]! };
}

function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => all[Math.floor((i + 0.5) * all.length / most)]!);
}
