/**
 * The complementary error function, scaled so that it does not underflow.
 *
 * Rational approximations of W. J. Cody, "Rational Chebyshev Approximation for the Error Function",
 * Mathematics of Computation 23 (1969): relative error below 1e-15.
 *
 * @module
 */
const A = [
  3.16112374387056560e0,
  1.13864154151050156e2,
  3.77485237685302021e2,
  3.20937758913846947e3,
  1.85777706184603153e-1,
] as const;
const B = [
  2.36012909523441209e1,
  2.44024637934444173e2,
  1.28261652607737228e3,
  2.84423683343917062e3,
] as const;
const C = [
  5.64188496988670089e-1,
  8.88314979438837594e0,
  6.61191906371416295e1,
  2.98635138197400131e2,
  8.81952221241769090e2,
  1.71204761263407058e3,
  2.05107837782607147e3,
  1.23033935479799725e3,
  2.15311535474403846e-8,
] as const;
const D = [
  1.57449261107098347e1,
  1.17693950891312499e2,
  5.37181101862009858e2,
  1.62138957456669019e3,
  3.29079923573345963e3,
  4.36261909014324716e3,
  3.43936767414372164e3,
  1.23033935480374942e3,
] as const;
const P = [
  3.05326634961232344e-1,
  3.60344899949804439e-1,
  1.25781726111229246e-1,
  1.60837851487422766e-2,
  6.58749161529837803e-4,
  1.63153871373020978e-2,
] as const;
const Q = [
  2.56852019228982242e0,
  1.87295284992346725e0,
  5.27905102951428412e-1,
  6.05183413124413191e-2,
  2.33520497626869185e-3,
] as const;

/** Up to here erf itself is approximated, and erfc is the rest. */
export const ERF_ALONE = 0.46875;
const SQRT_PI_INVERSE = 0.56418958354775628695;

/** The error function of a small `x`, |x| at most {@linkcode ERF_ALONE}. */
export function erfOfSmall(x: number): number {
  const y = x * x;
  let above = A[4] * y;
  let below = y;
  for (let i = 0; i < 3; i++) {
    above = (above + A[i]!) * y;
    below = (below + B[i]!) * y;
  }
  return x * (above + A[3]) / (below + B[3]);
}

/**
 * e^(x²) · erfc(x): it falls like 1/x where erfc itself underflows.
 *
 * @param x At least 0.
 */
export function scaledErfc(x: number): number {
  if (x <= ERF_ALONE) return Math.exp(x * x) * (1 - erfOfSmall(x));
  if (x <= 4) {
    let above = C[8] * x;
    let below = x;
    for (let i = 0; i < 7; i++) {
      above = (above + C[i]!) * x;
      below = (below + D[i]!) * x;
    }
    return (above + C[7]) / (below + D[7]);
  }
  const y = 1 / (x * x);
  let above = P[5] * y;
  let below = y;
  for (let i = 0; i < 4; i++) {
    above = (above + P[i]!) * y;
    below = (below + Q[i]!) * y;
  }
  const rest = y * (above + P[4]) / (below + Q[4]);
  return (SQRT_PI_INVERSE - rest) / x;
}
