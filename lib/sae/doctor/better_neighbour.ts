/**
 * @module
 */
import { type Finding, misfit } from "./finding.ts";
import type { Fit } from "./fit_meter.ts";

/** How an SAE fits the states of a site. */
export interface SiteFit {
  /** The site: `post 12`. */
  readonly site: string;
  /** How it fits them. */
  readonly fit: Fit;
}

/**
 * A neighbour is better if it leaves less than this part unexplained of what is left here. Of top-k
 * and ReLU SAEs trained on texts at five sites of the demo's model, and judged by all tokens, the
 * right site left 0.26 to 0.83 of what the sites beside it did; of SAEs trained on last tokens, and
 * judged by these, 0.21 to 0.52. So no neighbour of a right site left less than 1.2 times as much.
 */
const BETTER = 0.9;
/** And that much less, of all variance: of two good fits the better one says nothing. */
const LEAST_GAIN = 0.01;

/**
 * Whether an SAE fits the states of a neighbouring site clearly better, so that its site was counted
 * in another way. Both halves of the states have to say so.
 */
export function checkNeighbours(here: SiteFit, neighbours: readonly SiteFit[]): Finding[] {
  const better = neighbours.filter(({ fit }) => isBetter(fit, here.fit))
    .sort((a, b) => a.fit.unexplained! - b.fit.unexplained!);
  const [best] = better;
  if (best === undefined) return [];
  return [
    misfit(
      `it fits ${best.site} better than ${here.site}: ${best.fit.unexplained!.toPrecision(3)} of ` +
        `the variance is left unexplained there, ${
          here.fit.unexplained!.toPrecision(3)
        } here; its ` +
        "site may have been counted in another way",
    ),
  ];
}

function isBetter(there: Fit, here: Fit): boolean {
  if (!(there.unexplained! < 1)) return false; // it explains nothing there either
  const [first, second] = [there, here].map((fit) => [
    fit.unexplained ?? NaN,
    ...(fit.unexplainedHalves ?? []),
  ]);
  return first!.every((value, i) => value < BETTER * second![i]!) &&
    first![0]! < second![0]! - LEAST_GAIN;
}
