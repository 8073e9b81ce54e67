import assert from "node:assert/strict";
import {
  addTile,
  emptyReductions,
  EXTRA_REDUCTIONS,
  type Reduction,
  reductionsOf,
} from "../../../lib/sae/encode/reductions.ts";

type Found = Partial<Record<Reduction, readonly number[]>>;

/** What a device finds, given as lists. */
function found(values: Found): (name: Reduction) => Float32Array | undefined {
  return (name) => values[name] && Float32Array.from(values[name]);
}

const NOTHING: Found = { sums: [0], maxima: [0], counts: [0] };

Deno.test("addTile() adds in float64", () => {
  const reductions = emptyReductions({ groupSizes: [2] }, 1);
  const place = { segment: 0, first: 0, firstFeature: 0 };
  addTile(reductions, place, found({ ...NOTHING, sums: [2 ** 24] }));
  addTile(reductions, place, found({ ...NOTHING, sums: [1] }));
  assert.equal(reductions.sums[0], 2 ** 24 + 1); // float32 would lose the 1
});

Deno.test("addTile() keeps the greatest maximum, negative ones too, and adds counts", () => {
  const reductions = emptyReductions({ groupSizes: [1, 4] }, 3);
  const place = { segment: 1, first: 1, firstFeature: 1 };
  addTile(reductions, place, found({ sums: [0, 0], maxima: [-2, 5], counts: [0, 2] }));
  addTile(reductions, place, found({ sums: [0, 0], maxima: [-3, 7], counts: [0, 1] }));
  const none = -Infinity;
  assert.deepEqual([...reductions.maxima], [none, none, none, none, -2, 7]);
  assert.deepEqual([...reductions.counts], [0, 0, 0, 0, 0, 3]);
});

Deno.test("addTile() keeps the question of each extreme, the first of equals", () => {
  const reductions = emptyReductions({ groupSizes: [6] }, 2, EXTRA_REDUCTIONS);
  const place = (first: number) => ({ segment: 0, first, firstFeature: 0 });
  const none = { sums: [0, 0], counts: [0, 0], squares: [0, 0] };
  addTile(
    reductions,
    place(0),
    found({ ...none, maxima: [4, 1], minima: [0, -3], maximaAt: [1, 0], minimaAt: [0, 2] }),
  );
  addTile(
    reductions,
    place(3),
    found({ ...none, maxima: [4, 2], minima: [0, -4], maximaAt: [0, 2], minimaAt: [0, 1] }),
  );
  assert.deepEqual([...reductions.maximaAt!], [1, 5]);
  assert.deepEqual([...reductions.minimaAt!], [0, 4]);
});

Deno.test("reductionsOf() asks for least activations where their questions are asked for", () => {
  assert.deepEqual(reductionsOf(), ["sums", "maxima", "counts"]);
  assert.deepEqual(reductionsOf(["minimaAt"]), ["sums", "maxima", "counts", "minima", "minimaAt"]);
});
