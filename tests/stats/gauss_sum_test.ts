import assert from "node:assert/strict";
import { GAUSS_POINTS, gaussSum } from "../../lib/stats/gauss_sum.ts";
import { assertClose } from "../support/statistics_fixtures.ts";

/** A sum over neighbours, which are 1 apart, around 0. */
function sumOver(count: number, f: (x: number) => number): number {
  return Array.from({ length: count }, (_, i) => f(i - (count - 1) / 2)).reduce((a, b) => a + b);
}

Deno.test("sums of polynomials over neighbours are exact up to degree 19", () => {
  for (const count of [16, 32, 512, 4096]) {
    const { nodes, weights } = gaussSum(count);
    assert.equal(nodes.length, GAUSS_POINTS);
    for (let degree = 0; degree <= 19; degree++) {
      const f = (x: number) => ((x + 1) / count) ** degree;
      const found = nodes.reduce((sum, x, i) => sum + weights[i]! * f(x), 0);
      const absolute = 1e-14 * count; // odd powers nearly cancel
      assertClose(found, sumOver(count, f), { relative: 1e-14, absolute }, `${count} ${degree}`);
    }
  }
});
