import { DrawnLevels } from "../../lib/stats/drawn_levels.ts";
import { levelsOf } from "../../lib/stats/drawn_tail.ts";
import { lugannaniRice } from "../../lib/stats/lugannani_rice.ts";
import { SeededRandom } from "../../lib/stats/seeded_random.ts";
import { assertClose } from "../support/statistics_fixtures.ts";

/** ln of the tail by the specification's formula, score by score. */
function lnTail(scores: readonly number[], drawn: number, observed: number): number {
  const n = scores.length;
  const mean = scores.reduce((a, b) => a + b) / n;
  const range = Math.max(...scores) - Math.min(...scores);
  const x = observed - drawn * mean;
  const share = drawn / n;
  let [s, t] = [0, 0];
  for (let step = 0; step < 100; step++) {
    let [value, first, firstT, ss, st, tt] = [-s * drawn - t * x, -drawn, -x, 0, 0, 0];
    for (const score of scores) {
      const b = score - mean;
      const weight = share * Math.exp(s + t * b);
      const p = weight / (1 - share + weight);
      value += Math.log1p(share * Math.expm1(s + t * b));
      first += p;
      firstT += p * b;
      ss += p * (1 - p);
      st += p * (1 - p) * b;
      tt += p * (1 - p) * b * b;
    }
    const determinant = ss * tt - st * st;
    const stepT = (ss * firstT - st * first) / determinant;
    const length = Math.min(1, 0.5 / Math.abs(stepT * range)); // not too far at a time
    s -= length * (tt * first - st * firstT) / determinant;
    t -= length * stepT;
    if (Math.abs(stepT) > 1e-10 * Math.abs(t)) continue;
    const spread = (tt - st * st / ss) * ss / (n * share * (1 - share));
    const u = -Math.expm1(-Math.abs(t) * range) / range * Math.sqrt(spread);
    return lugannaniRice({ exponent: -value, u, lnEdge: -Infinity });
  }
  throw new Error("no saddlepoint");
}

Deno.test("the tail from few levels is that from all scores", () => {
  const random = new SeededRandom(8);
  const n = 900;
  const ranks = Array.from({ length: n }, (_, i) => 2 * i + 1 - n);
  const columns = [
    ranks,
    // Ties: of the lowest third, and of two here and there.
    ranks.map((rank, i) => i < 300 ? 300 - n : i % 200 < 2 ? ranks[i - i % 200]! + 1 : rank),
    ranks.map(() => random.below(4000)), // no ranks
  ];
  for (const [i, scores] of columns.entries()) {
    const levels = new DrawnLevels(levelsOf(Float64Array.from(scores)));
    const mean = scores.reduce((a, b) => a + b) / n;
    for (const drawn of [40, 450, 860]) {
      for (const z of [-12, -3, 0.1, 1, 7]) {
        const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / n;
        const sigma = Math.sqrt(variance * drawn * (n - drawn) / n);
        const observed = Math.round(drawn * mean + z * sigma);
        const found = levels.tail({ drawn, observed });
        if (found.branch === "edge") continue;
        if (z === -12 && drawn !== 450) continue; // beyond the smallest sum
        const expected = lnTail(scores, drawn, observed);
        // Near the middle, the formula's own terms cancel.
        const bound = { relative: 1e-9, absolute: 1e-10 };
        assertClose(found.lnTail, expected, bound, `column ${i}, ${drawn} drawn, z ${z}`);
      }
    }
  }
});

Deno.test("near its mean, too, the tail is that of the formula, where few levels are there", () => {
  const random = new SeededRandom(9);
  for (const levels of [3, 7, 12]) {
    const scores = Array.from({ length: 750 }, () => random.below(levels) ** 2);
    const all = new DrawnLevels(levelsOf(Float64Array.from(scores)));
    const mean = scores.reduce((a, b) => a + b) / 750;
    for (let above = 1; above <= 60; above++) {
      const observed = Math.round(125 * mean) + above;
      const found = all.tail({ drawn: 125, observed });
      if (found.branch === "middle") continue;
      const expected = lnTail(scores, 125, observed);
      assertClose(
        found.lnTail,
        expected,
        { relative: 0, absolute: 1e-10 },
        `${levels} levels, ${above} above`,
      );
    }
  }
});
