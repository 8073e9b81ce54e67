/**
 * How many features are active, held against what an SAE's files declare.
 *
 * @module
 */
import { type Finding, misfit, short } from "./finding.ts";
import type { Fit } from "./fit_meter.ts";

/** By which factor the number of active features may be off. */
const FACTOR = 2;

/**
 * Whether as many features are active as the files declare: far more or fewer of them mean that a
 * threshold, a scale or a norm is not what it was in training.
 *
 * @param declared What the files declare, if they do.
 */
export function checkDeclaredL0({ l0, states }: Fit, declared: number | undefined): Finding[] {
  if (declared === undefined || !(declared > 0)) return [];
  if (l0 <= FACTOR * declared && l0 >= declared / FACTOR) return [];
  return [
    misfit(
      `${
        short(l0)
      } features of a state are active on average of ${states}, but its files declare ` +
        `${short(declared)}: a threshold, a scale or a norm is not what it was in training`,
    ),
  ];
}
