/**
 * The step from a tilt to the one that is sought.
 *
 * @module
 */

/** What tilted scores give: with e^(−t·d) as weights of d, the gap to the highest. */
export interface TiltedMoments {
  /** The tilt. */
  readonly t: number;
  /** The sum of ln of the mean weight. */
  readonly lnMean: number;
  /** The sum of the means of d. */
  readonly gap: number;
  /** The sum of the variances: minus the derivative of the gap. */
  readonly spread: number;
  /** The sum of the third cumulants: the second derivative. */
  readonly skew: number;
  /** The sum of the fourth cumulants: minus the third derivative. */
  readonly kurtosis: number;
}

const MOST_STEPS = 20;

/**
 * How far to move t so that the gap is as wanted, to third order in the gap's logarithm, which falls
 * nearly straight; where that has no solution, to first order.
 */
export function stepTo({ gap, spread, skew, kurtosis }: TiltedMoments, wanted: number): number {
  const level = Math.log(wanted / gap);
  const slope = -spread / gap;
  const bend = skew / gap - slope * slope;
  const twist = -kurtosis / gap - slope * (3 * bend + slope * slope);
  const straight = level / slope;
  let move = straight;
  for (let step = 0; step < MOST_STEPS; step++) {
    const value = move * (slope + move * (bend / 2 + move * twist / 6)) - level;
    const derivative = slope + move * (bend + move * twist / 2);
    if (!(derivative < slope / 4)) return straight; // it would turn: too far for a series
    const change = value / derivative;
    move -= change;
    if (Math.abs(change) <= 1e-14 * Math.abs(move)) return move;
  }
  return straight;
}
