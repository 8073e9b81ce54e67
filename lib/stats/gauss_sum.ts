/**
 * Sums of a smooth function over neighbouring whole numbers from its values at few points.
 *
 * It is Gauss's quadrature for the discrete uniform law: of so many points, a sum over any number of
 * neighbours is exact for polynomials of twice as many degrees, less one. The orthogonal polynomials are
 * Gram's (also called discrete Chebyshev's); nodes and weights follow from their recurrence (Gautschi,
 * "Orthogonal Polynomials", 2004, 1.4 and 3.1).
 *
 * @module
 */

/** At how many points a function is taken. */
export const GAUSS_POINTS = 10;

/** Where a function is taken, and how much each value counts. */
export interface GaussSum {
  /** The points, ascending, from the middle of the neighbours. */
  readonly nodes: Float64Array;
  /** The weights; their sum is the number of neighbours. */
  readonly weights: Float64Array;
}

const known = new Map<number, GaussSum>();

/**
 * The points for a sum over so many neighbours.
 *
 * @param count More than {@linkcode GAUSS_POINTS}.
 */
export function gaussSum(count: number): GaussSum {
  const found = known.get(count);
  if (found !== undefined) return found;
  const half = GAUSS_POINTS / 2;
  const nodes = new Float64Array(GAUSS_POINTS);
  const weights = new Float64Array(GAUSS_POINTS);
  for (let i = 0; i < half; i++) {
    // From a zero of Legendre's polynomial, which is near, Newton's method goes to Gram's.
    let x = count / 2 * Math.cos(Math.PI * (4 * i + 3) / (4 * GAUSS_POINTS + 2));
    for (let step = 0; step < 50; step++) {
      const { value, slope } = gramAt(x, count);
      const move = value / slope;
      x -= move;
      if (Math.abs(move) <= 1e-15 * x) break;
    }
    const weight = 1 / gramAt(x, count).squares;
    nodes[i] = -x;
    nodes[GAUSS_POINTS - 1 - i] = x;
    weights[i] = weight;
    weights[GAUSS_POINTS - 1 - i] = weight;
  }
  const sum = { nodes, weights };
  known.set(count, sum);
  return sum;
}

/** Gram's orthonormal polynomial of the last degree, its slope, and the sum of the others' squares. */
function gramAt(x: number, count: number): { value: number; slope: number; squares: number } {
  let [before, value] = [0, 1 / Math.sqrt(count)];
  let [slopeBefore, slope, squares, coefficient] = [0, 0, 0, 0];
  for (let degree = 1; degree <= GAUSS_POINTS; degree++) {
    squares += value * value;
    const next = Math.sqrt(
      degree * degree * (count * count - degree * degree) / (4 * (4 * degree * degree - 1)),
    );
    [before, value, slopeBefore, slope] = [
      value,
      (x * value - coefficient * before) / next,
      slope,
      (value + x * slope - coefficient * slopeBefore) / next,
    ];
    coefficient = next;
  }
  return { value, slope, squares };
}
