import assert from "node:assert/strict";
import {
  MOST_BINS,
  SELECT_PASSES,
  SELECT_PROBLEM,
  selectShader,
} from "../../../lib/sae/encode/select_kernel.ts";
import { DEFAULT_TILE } from "../../../lib/sae/encode/tile_product.ts";

Deno.test("the passes of top-k cover every bit of both words once, the high ones first", () => {
  for (const word of [0, 1]) {
    const passes = SELECT_PASSES.filter((pass) => pass.word === word);
    let next = 32;
    for (const { shift, bits } of passes) {
      assert.equal(shift + bits, next);
      assert(2 ** bits <= MOST_BINS);
      next = shift;
    }
    assert.equal(next, 0);
  }
});

Deno.test("selectShader() holds magnitudes against the threshold only where it is told to", () => {
  const [byValue, byMagnitude] = (["value", "magnitude"] as const)
    .map((by) => selectShader(DEFAULT_TILE, by));
  assert(byValue!.includes(SELECT_PROBLEM.declaration));
  const counts = (shader: string) => shader.match(/count_features\(first_question/g)!.length;
  assert.equal(byMagnitude!.match(/abs\(z\d+_\d+\)/g)!.length, counts(byMagnitude!));
  assert.equal(byMagnitude!.replaceAll(/abs\((z\d+_\d+)\)/g, "$1"), byValue);
});
