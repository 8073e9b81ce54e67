import assert from "node:assert/strict";
import { DrawnLevels } from "../../lib/stats/drawn_levels.ts";
import { saddleGuide } from "../../lib/stats/saddle_guide.ts";
import { assertClose } from "../support/statistics_fixtures.ts";

/** Half of 41 equally spaced scores, from −1/2 to 1/2, are drawn. */
function tilted(s: number, t: number) {
  let [byS, byT, ss, st, tt] = [-20.5, 0, 0, 0, 0];
  for (let i = -20; i <= 20; i++) {
    const b = i / 40;
    const p = 1 / (1 + Math.exp(-s - t * b));
    byS += p;
    byT += p * b;
    ss += p * (1 - p);
    st += p * (1 - p) * b;
    tt += p * (1 - p) * b * b;
  }
  return { byS, byT, ss, st, tt };
}

Deno.test("a table leads to the saddlepoint of every sum, but for what a step of Newton's mends", () => {
  const guide = saddleGuide(tilted);
  for (const t of [0.01, 0.3, 1.1, 2.6, 7.4, 20.1]) {
    const sum = tilted(0, t).byT; // by symmetry, s is 0
    const found = guide(sum)!;
    assertClose(found.t, t, { relative: 1e-5 });
    assertClose(found.s, 0, { relative: 0, absolute: 1e-6 });
  }
  // The largest sum has no saddlepoint, and near it the table ends.
  assert.equal(guide(tilted(0, 40).byT), undefined);
});

Deno.test("with a table, tails are those without it", () => {
  const values = Float64Array.from({ length: 500 }, (_, i) => 2 * i - 499);
  const levels = { values, counts: new Float64Array(500).fill(1) };
  const [plain, guided] = [new DrawnLevels(levels), new DrawnLevels(levels, true)];
  const tied = new DrawnLevels({
    values: values.filter((_, i) => i !== 250).map((value) => value === 1 ? 0 : value),
    counts: Float64Array.from({ length: 499 }, (_, i) => i === 249 ? 2 : 1),
  }, guided);
  for (const drawn of [30, 250, 420]) {
    for (const observed of [3_000, -700, 9_000, -12_000, 2, 13_800]) {
      const expected = plain.tail({ drawn, observed }).lnTail;
      const bound = { relative: 1e-10, absolute: 1e-11 };
      assertClose(guided.tail({ drawn, observed }).lnTail, expected, bound);
      // Two scores in the middle are tied: the tail is another, by little.
      assertClose(tied.tail({ drawn, observed }).lnTail, expected, {
        relative: 1e-3,
        absolute: 1e-3,
      });
    }
  }
});
