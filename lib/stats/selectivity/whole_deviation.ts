/**
 * Sums of products of deviations, without rounding.
 *
 * @module
 */

/**
 * n·products − times·sum², of whole numbers: 0 exactly where it should be, however large they are.
 */
export function wholeDeviation(n: number, products: number, times: number, sum: number): number {
  const [all, mean] = [n * products, times * sum * sum];
  if (Math.max(all, mean) <= Number.MAX_SAFE_INTEGER) return all - mean;
  return Number(BigInt(n) * BigInt(products) - BigInt(times) * BigInt(sum) ** 2n);
}
