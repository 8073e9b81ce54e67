/**
 * The function whose least value gives the tail of a sum that is drawn.
 *
 * @module
 */
import type { ScoreLevels } from "./level_sets.ts";
import type { Saddle, TiltedDrawing } from "./saddle_guide.ts";

/** The function and its derivatives. */
export interface DrawnCumulants extends TiltedDrawing {
  /** Its value. */
  readonly value: number;
}

/**
 * Σ ln(1 − π + π·e^(s + tb)) − s·n₁ − t·x, with its derivatives, where π = n₁/n.
 *
 * @param levels The scores; b is (score − mean)·scale.
 * @param wanted n₁, n and x.
 */
export function drawnCumulants(
  { values, counts }: ScoreLevels,
  { mean, scale }: { mean: number; scale: number },
  { drawn, total, centred }: { drawn: number; total: number; centred: number },
  { s, t }: Saddle,
): DrawnCumulants {
  const yesShare = drawn / total;
  const noShare = 1 - yesShare;
  let [value, first, firstT, ss, st, tt] = [-s * drawn - t * centred, 0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const count = counts[i]!;
    const b = (values[i]! - mean) * scale;
    // e to whichever of both signs does not overflow
    const exponent = s + t * b;
    const weight = Math.exp(-Math.abs(exponent));
    const yes = exponent > 0 ? yesShare : yesShare * weight;
    const no = exponent > 0 ? noShare * weight : noShare;
    const mass = yes + no;
    const inverse = 1 / mass;
    const p = count * yes * inverse;
    const spread = p * no * inverse;
    const weighted = spread * b;
    value += count * (Math.max(0, exponent) + Math.log(mass));
    first += p;
    firstT += p * b;
    ss += spread;
    st += weighted;
    tt += weighted * b;
  }
  return { value, byS: first - drawn, byT: firstT - centred, ss, st, tt };
}
