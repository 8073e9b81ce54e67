/**
 * Whether an SAE explains anything of the states at its site.
 *
 * @module
 */
import { type Finding, misfit } from "./finding.ts";
import type { SiteFit } from "./better_neighbour.ts";

/**
 * Whether an SAE explains less than the mean of the states does by itself, as one of another model
 * or layer, or one that is read wrongly. Few states are nearer to their own mean than to that of all
 * such states, by one part in their number, which is not held against the SAE.
 */
export function checkUnexplained({ site, predicted, fit }: SiteFit): Finding[] {
  const { unexplained, states } = fit;
  if (unexplained === undefined || unexplained * (1 - 1 / states) <= 1) return [];
  const where = predicted === undefined ? site : `${predicted}, predicted from ${site},`;
  return [
    misfit(
      `it leaves ${aboveOne(unexplained)} of the variance of ${states} states at ${where} ` +
        "unexplained, more than their mean would: it is of another model or site, or it is read " +
        "in another way than it was trained",
    ),
  ];
}

/** With as many digits as show that it is above 1. */
function aboveOne(value: number): string {
  const digits = [3, 4, 5].find((digits) => Number(value.toPrecision(digits)) > 1);
  return value.toPrecision(digits ?? 6);
}
