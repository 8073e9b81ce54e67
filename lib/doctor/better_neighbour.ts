/**
 * Whether an SAE fits the states beside its site better than those of its site.
 *
 * @module
 */
import { doubt, type Finding, misfit } from "./finding.ts";
import type { Fit } from "./fit_meter.ts";
import { FINAL, siteText } from "../lm/site.ts";

/** How an SAE fits the states of a site. */
export interface SiteFit {
  /** The site: `post 12`. */
  readonly site: string;
  /** Of a transcoder the site that it predicts, whose variance it is. Default: the same. */
  readonly predicted?: string | undefined;
  /** Of a neighbour whether an SAE sees nearly the same there, as it norms states. Default: no. */
  readonly isAlike?: boolean | undefined;
  /** How it fits them. */
  readonly fit: Fit;
}

/**
 * A neighbour is better if it leaves less than this part unexplained of what is left here. Of top-k
 * and ReLU SAEs trained on texts at five sites of the demo's model, of 12 blocks, and judged by all
 * tokens, the right site left 0.26 to 0.83 of what the sites beside it did; of SAEs trained on last
 * tokens, and judged by these, 0.21 to 0.52. So no neighbour of a right site left less than 1.2 times
 * as much. In a deep model states change less from block to block: of seven SAEs at five blocks of
 * SmolLM2 135M, of 30 blocks, the better neighbour of the right site left 0.96 to 1.32 times as much;
 * one block off, the best neighbour left 0.66 to 0.93 of what was left there in twelve cases of
 * fourteen, and 1.00 and 1.04 in two.
 */
const BETTER = 0.9;
/**
 * The same on the other side of the final norm, of an SAE that norms every state by itself: there, it sees
 * nearly the same, and which side it fits better hangs on how far the states are from each other, too. Of
 * eight such SAEs trained after the final norms of the demo's model and of SmolLM2 135M, the other side left
 * 0.70 to 4.2 times as much as the right one, and of eight trained before it 1.09 to 3.2 times.
 */
const BETTER_OF_ALIKE = 0.5;
/** From here on it is better by little: no neighbour of a right site was, but few were tried. */
const A_LITTLE_BETTER = 0.95;
/** And that much less, of all variance: of two good fits the better one is no proof. */
const LEAST_GAIN = 0.01;
/** From here on it is a doubt: an SAE of many active features fits the sites beside its own well, too. */
const LEAST_DOUBTED_GAIN = 0.002;

/**
 * Whether an SAE fits the states of a neighbouring site better, so that its site was counted in
 * another way: clearly, or a little, which is a doubt. Both halves of the states have to say so.
 */
export function checkNeighbours(here: SiteFit, neighbours: readonly SiteFit[]): Finding[] {
  const better = (by: number, gain: number) =>
    neighbours.filter(({ fit, isAlike }) =>
      isBetter(fit, here.fit, isAlike ? { by: BETTER_OF_ALIKE, gain: LEAST_GAIN } : { by, gain })
    ).sort((a, b) => a.fit.unexplained! - b.fit.unexplained!)[0];
  const clearly = better(BETTER, LEAST_GAIN);
  const best = clearly ?? better(A_LITTLE_BETTER, LEAST_GAIN) ??
    better(BETTER, LEAST_DOUBTED_GAIN);
  if (best === undefined) return [];
  const text = `it fits ${best.site} ${clearly ? "" : "a little "}better than ${here.site}: ` +
    `${best.fit.unexplained!.toPrecision(3)} of the variance is left unexplained there, ` +
    `${here.fit.unexplained!.toPrecision(3)} here; `;
  return [
    clearly
      ? misfit(text + (byFinalNorm(here, best) ?? "its site may have been counted in another way"))
      : doubt(
        `${text}neighbouring states of a deep model are nearly alike, so that one block more or less ` +
          "may show no more than so: see whether its site is counted as it is here",
      ),
  ];
}

/** What may be the reason where one of two sites is the state after the final norm. */
function byFinalNorm(here: SiteFit, best: SiteFit): string | undefined {
  const final = siteText(FINAL);
  if (best.site === final) return "it may have been trained after the final norm";
  return here.site === final ? "it may have been trained before the final norm" : undefined;
}

function isBetter(
  there: Fit,
  here: Fit,
  { by, gain }: { by: number; gain: number },
): boolean {
  if (!(there.unexplained! < 1)) return false; // it explains nothing there either
  const [first, second] = [there, here].map((fit) => [
    fit.unexplained ?? NaN,
    ...(fit.unexplainedHalves ?? []),
  ]);
  return first!.every((value, i) => value < by * second![i]!) &&
    first![0]! < second![0]! - gain;
}
