/**
 * Whether an SAE's reconstruction would be much better at another scale.
 *
 * @module
 */
import { doubt, type Finding, short } from "./finding.ts";
import type { Fit } from "./fit_meter.ts";

/**
 * A factor and a shift of what is decoded are worth a word if they leave less than this part of what is
 * left without. Of 21 SAEs of the demo's model, tried on the texts that they were trained on, they left
 * 0.93 and more, and of one 0.68; of 13 of AlignSAE's, no less than 0.6. Where the encoder's weights
 * were an eighth, they left 0.02 to 0.9, of ReLU's mostly below 0.1.
 */
const MUCH_LESS = 0.6;
/**
 * So far the factor must be from 1, upwards or downwards. On texts of another kind a shift alone left
 * less than that of 3 of 28 sound SAEs, with factors of 0.93 to 0.99: such texts have another mean.
 */
const FAR = 1.5;
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
        `${short(factor)} and shifted: a scale of its input may not be folded into its weights`,
    ),
  ];
}
