/**
 * The sums at a tilt where distances are beyond 32 bits, or persons are not in every group: the formula
 * itself.
 *
 * @module
 */
import type { TiltedMoments } from "./tilt_step.ts";

/**
 * ln of the mean mass at a tilt, and the cumulants of the gap, over the persons of a group.
 *
 * @param gaps How far each score is from the end of its person's, `[groups, stride]`; below 0 where the
 * person is not in the group.
 */
export function wideMoments(
  gaps: ArrayLike<number>,
  { t, group, groupCount, persons, stride }: {
    t: number;
    group: number;
    groupCount: number;
    persons: number;
    stride: number;
  },
): TiltedMoments {
  let [lnMean, gap, spread, skew, kurtosis] = [0, 0, 0, 0, 0];
  for (let person = 0; person < persons; person++) {
    if (gaps[group * stride + person]! < 0) continue;
    let [held, mass, first, second, third, fourth] = [0, 0, 0, 0, 0, 0];
    for (let each = 0, at = person; each < groupCount; each++, at += stride) {
      const d = gaps[at]!;
      if (d < 0) continue;
      const weight = Math.exp(-t * d);
      held++;
      mass += weight;
      first += weight * d;
      second += weight * d * d;
      third += weight * d * d * d;
      fourth += weight * d * d * d * d;
    }
    const [mean, square, cube] = [first / mass, second / mass, third / mass];
    const variance = square - mean * mean;
    const central = cube - mean * (square + 2 * variance);
    lnMean += Math.log(mass / held);
    gap += mean;
    spread += variance;
    skew += central;
    kurtosis += fourth / mass - mean * (cube + 3 * central + 3 * mean * variance) -
      3 * variance * variance;
  }
  return { t, lnMean, gap, spread, skew, kurtosis };
}
