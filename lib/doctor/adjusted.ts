/**
 * Whether an SAE's reconstruction would be much better at another scale.
 *
 * @module
 */
import { doubt, type Finding, short } from "./finding.ts";
import type { Fit } from "./fit_meter.ts";

/**
 * A factor and a shift of what is decoded are worth a word if they leave less than this part of what is
 * left without. With an encoder of twice, a half, a third or an eighth of its weights they left 0.01 to
 * 0.03 of it; of BatchTopK without its threshold 0.38 (a factor of 0.79); without the norm of the input
 * 0.42 (1.26).
 */
const MUCH_LESS = 0.6;
/**
 * So far the factor must be from 1, upwards or downwards: texts of another kind have another mean, to which
 * a shift alone leads. Of 21 sound SAEs of the demo's model, tried on such texts and on their own, factors
 * of 0.93 to 0.99 with a shift left 0.43 to 0.60 of it three times; those that were farther from 1 left less
 * than 0.6 only where more than all of the variance was unexplained.
 */
const FAR = 1.2;
/** And so much less, of all variance: of a good fit it says nothing. */
const LEAST_GAIN = 0.01;

/** Whether much of what is left unexplained is a scale, as of a file in which one is not folded. */
export function checkAdjusted({ unexplained, adjusted }: Fit): Finding[] {
  if (unexplained === undefined || adjusted === undefined) return [];
  const { unexplained: left, factor } = adjusted;
  const isFar = factor > FAR || factor < 1 / FAR;
  if (!isFar || !(left < MUCH_LESS * Math.min(1, unexplained))) return [];
  if (!(left < unexplained - LEAST_GAIN)) return [];
  return [
    doubt(
      `of the ${unexplained.toPrecision(3)} of the variance that it leaves unexplained, ` +
        `${left.toPrecision(3)} would be left if what it decodes were multiplied with ` +
        `${short(factor)} and shifted: a scale may not be folded into its weights, or ` +
        "a norm or a threshold that it needs may be missing",
    ),
  ];
}
