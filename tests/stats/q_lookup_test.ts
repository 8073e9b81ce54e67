import assert from "node:assert/strict";
import { benjaminiHochberg } from "../../lib/stats/benjamini_hochberg.ts";
import { QLookup } from "../../lib/stats/q_lookup.ts";
import { SeededRandom } from "../../lib/stats/seeded_random.ts";

Deno.test("q by drawers is Benjamini and Hochberg's, ties, zeros and the smallest p included", () => {
  const random = new SeededRandom(3);
  const tails = Float64Array.from({ length: 5000 }, (_, i) => {
    const uniform = (random.next() + 0.5) / 2 ** 32;
    if (i % 10 === 0) return NaN;
    if (i % 10 === 1) return i % 20 === 1 ? -0 : 0;
    if (i % 10 === 2) return -Math.ceil(8 * uniform) / 8; // ties
    if (i % 10 === 3) return -300 * uniform;
    if (i % 10 === 4) return -uniform * 2 ** -40;
    return Math.log10(uniform);
  });
  const there = tails.filter((tail) => !Number.isNaN(tail)).sort();
  const expected = benjaminiHochberg([...tails].map((tail) => Number.isNaN(tail) ? null : tail));
  assert.deepEqual([...new QLookup(there).of(tails)], expected.map((q) => q ?? NaN));
});

Deno.test("of no test there is no q", () => {
  assert.deepEqual([...new QLookup(new Float64Array(0)).of(new Float64Array([NaN]))], [NaN]);
});
