/**
 * Whether an SAE belongs to the states that it is to be used on.
 *
 * @module
 */
import { checkAdjusted } from "./adjusted.ts";
import { checkNeighbours, type SiteFit } from "./better_neighbour.ts";
import { checkDeclaredL0 } from "./declared_l0.ts";
import type { Finding } from "./finding.ts";
import { checkUnexplained } from "./unexplained.ts";

/** How an SAE fits, and what it is held against. */
export interface FitCase {
  /** The site that it is used at. */
  readonly here: SiteFit;
  /** Sites beside it. Default: none. */
  readonly neighbours?: readonly SiteFit[] | undefined;
  /** How many features of a state are active on average, by its files. Default: they do not say. */
  readonly declaredL0?: number | undefined;
}

/**
 * What speaks against using an SAE at a site: more variance unexplained than there is, many more or
 * fewer active features than its files declare, a neighbouring site that it fits better, or a scale that
 * makes up most of what is left.
 *
 * @returns Misfits, and doubts; without a misfit it may be used.
 */
export function judgeFit({ here, neighbours = [], declaredL0 }: FitCase): Finding[] {
  return [
    ...checkUnexplained(here),
    ...checkDeclaredL0(here.fit, declaredL0),
    ...checkNeighbours(here, neighbours),
    ...checkAdjusted(here.fit),
  ];
}
