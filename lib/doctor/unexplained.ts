/**
 * @module
 */
import { type Finding, misfit } from "./finding.ts";
import type { Fit } from "./fit_meter.ts";

/**
 * Whether an SAE explains less than the mean of the states does by itself, as one of another model
 * or layer, or one that is read wrongly. Few states are nearer to their own mean than to that of all
 * such states, by one part in their number, which is not held against the SAE.
 */
export function checkUnexplained({ unexplained, states }: Fit, where: string): Finding[] {
  if (unexplained === undefined || unexplained * (1 - 1 / states) <= 1) return [];
  return [
    misfit(
      `it leaves ${unexplained.toPrecision(3)} of the variance of ${states} states at ${where} ` +
        "unexplained, more than their mean would: it is of another model or site, or it is read " +
        "in another way than it was trained",
    ),
  ];
}
