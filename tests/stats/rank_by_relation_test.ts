import assert from "node:assert/strict";
import fc from "fast-check";
import { mostSelective, rankByRelation } from "../../lib/stats/rank_by_relation.ts";
import { topFeatures } from "../../lib/stats/top_features.ts";

/** Ranks the rows of a matrix that is written down row by row. */
function rank(rows: readonly (readonly number[])[], count: number, end = rows[0]!.length) {
  const shape = { rows: rows.length, stride: rows[0]!.length, end };
  return rankByRelation(Float64Array.from(rows.flat()), shape, count);
}

Deno.test("rankByRelation() shows what the mean over the relations hides", () => {
  // Feature 0 is fairly strong everywhere; 1 and 2 are each one relation's own, and less on average.
  const { features, rows } = rank([[4, 9, -6, 0], [4, -6, 8, 0]], 3);
  assert.deepEqual(features, [1, 0, 2]);
  assert.deepEqual(rows, [0, 0, 1]);
});

Deno.test("rankByRelation() shows the most selective features, too", () => {
  // Features 0 to 3 are the strongest of both relations, and tell them apart less than 4 and 5.
  const rows = [[9, 8, 7, 6, 3, 0], [9, 8, 7, 6, 0, 3]];
  assert.deepEqual(rank(rows, 3).features.toSorted(), [0, 4, 5]);
});

Deno.test("rankByRelation() puts features together by their relation, the strongest first", () => {
  const { features, rows } = rank([[1, 5, 0, 2, 0, 0], [0, 0, 3, 0, 7, 4]], 6);
  assert.deepEqual(features, [1, 3, 0, 4, 5, 2]);
  assert.deepEqual(rows, [0, 0, 0, 1, 1, 1]);
});

Deno.test("rankByRelation() leaves out features that are zero everywhere", () => {
  assert.deepEqual(rank([[0, 1, -0, 0], [0, 0, 0, 2]], 4).features, [1, 3]);
  assert.deepEqual(rank([[0, 0, 0], [0, 0, 0]], 2).features, [0, 1], "all are, and equal");
});

Deno.test("rankByRelation() keeps features that are negative everywhere", () => {
  assert.deepEqual(rank([[-1, 0, -3]], 3).features, [0, 2]);
});

Deno.test("rankByRelation() of one relation goes by its values", () => {
  assert.deepEqual(rank([[3, 1, 4, 1, 5]], 3).features, [4, 2, 0]);
  assert.equal(rank([[3, 1, 4, 1, 5]], 3).depth, 3);
});

Deno.test("rankByRelation() stops at the end it is given", () => {
  assert.deepEqual(rank([[1, 2, 9], [1, 2, 9]], 5, 2).features.toSorted(), [0, 1]);
});

Deno.test("rankByRelation() says how deep it went into every relation's lists", () => {
  const matrix = fc.integer({ min: 1, max: 5 }).chain((rows) =>
    fc.integer({ min: 1, max: 30 }).chain((columns) =>
      fc.array(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: columns, maxLength: columns }),
        { minLength: rows, maxLength: rows },
      )
    )
  );
  fc.assert(fc.property(matrix, fc.integer({ min: 1, max: 40 }), (rows, count) => {
    const { features, depth } = rank(rows, count);
    const alive = rows[0]!.map((_, feature) => feature)
      .filter((feature) => rows.some((row) => row[feature] !== 0));
    const candidates = alive.length > 0 ? alive : rows[0]!.map((_, feature) => feature);
    assert.equal(new Set(features).size, features.length, "none twice");
    assert.equal(features.length, Math.min(count, candidates.length), "as many as there are");
    const top = (scores: number[]) => topFeatures(scores, depth).map((i) => candidates[i]!);
    const isComplete = (list: number[]) => list.every((feature) => features.includes(feature));
    rows.forEach((row, r) => {
      assert(isComplete(top(candidates.map((feature) => row[feature]!))), "its strongest");
      if (rows.length === 1) return;
      const gap = (feature: number) =>
        row[feature]! - Math.max(...rows.filter((_, i) => i !== r).map((other) => other[feature]!));
      const selective = candidates.filter((feature) => gap(feature) > 0);
      const best = topFeatures(selective.map(gap), depth).map((i) => selective[i]!);
      assert(isComplete(best), "its most selective");
    });
  }));
});

Deno.test("rankByRelation() takes no feature for selective that is weak everywhere", () => {
  // Of relation 1 nothing stands out: feature 2, near 0, comes no nearer to it than 0 and 1.
  assert.deepEqual(rank([[5, 4, 0.001], [3, 2, 0]], 2).features, [0, 1]);
});

Deno.test("mostSelective() finds the feature of each relation that stands out most", () => {
  const matrix = Float32Array.of(...[9, 5, 0, 0], ...[8, 0, 3, 0]);
  assert.deepEqual(mostSelective(matrix, { rows: 2, stride: 4, end: 4 }), [1, 2]);
  assert.deepEqual(mostSelective(matrix, { rows: 1, stride: 4, end: 4 }), [0], "no other relation");
});

Deno.test("mostSelective() takes the strongest feature where none stands out, never a dead one", () => {
  const matrix = Float32Array.of(...[0, 5, 4], ...[0, 3, 2]);
  assert.deepEqual(mostSelective(matrix, { rows: 2, stride: 3, end: 3 }), [1, 1]);
});
