/**
 * What features read against what they write: in a trained SAE the two point in similar directions.
 *
 * @module
 */
import { doubt, type Finding } from "./finding.ts";

/** In how many standard deviations of chance the mean cosine has to be beyond 0. */
const CERTAIN = 4;

/**
 * The cosines between rows of two matrices, one a row; 0 where one of them has no length.
 *
 * @param read What features read, `[features, width]`.
 * @param written What they write, `[features, width]`.
 */
export function rowCosines(read: Float32Array, written: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: read.length / width }, (_, row) => {
    let [product, left, right] = [0, 0, 0];
    for (let i = row * width; i < (row + 1) * width; i++) {
      product += read[i]! * written[i]!;
      left += read[i]! * read[i]!;
      right += written[i]! * written[i]!;
    }
    return left > 0 && right > 0 ? product / Math.sqrt(left * right) : 0;
  });
}

/**
 * Whether encoder and decoder have nothing to do with each other: as if one of them was shuffled or
 * is another SAE's. The mean of cosines of chance is 0 give or take 1 / sqrt(features · width).
 *
 * @param cosines One a feature.
 */
export function checkCosines(cosines: Float64Array, width: number): Finding[] {
  const mean = cosines.reduce((sum, x) => sum + x, 0) / cosines.length;
  if (mean > CERTAIN / Math.sqrt(cosines.length * width)) return [];
  return [
    doubt(
      `what its features read and what they write point in unrelated directions (mean cosine ` +
        `${mean.toFixed(3)}): encoder and decoder may not belong together, or it was never trained`,
    ),
  ];
}
