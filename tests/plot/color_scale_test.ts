import assert from "node:assert/strict";
import { colorMap, COLORS } from "../../lib/plot/color_map.ts";
import {
  centeredScale,
  colorIndex,
  colorOf,
  inkOn,
  sequentialScale,
  strength,
} from "../../lib/plot/color_scale.ts";

const hot = colorMap("hot");

Deno.test("sequentialScale() goes from its lower end to the greatest value", () => {
  const scale = sequentialScale(hot, [0.5, 2, 1], 0);
  assert.deepEqual([scale.low, scale.high, scale.clipped], [0, 2, undefined]);
  assert.equal(colorIndex(scale, 0), 0);
  assert.equal(colorIndex(scale, 1), COLORS / 2);
  assert.equal(colorIndex(scale, 2), COLORS - 1);
});

Deno.test("sequentialScale() starts at the least value if no lower end is given", () => {
  const { low, high, clipped } = sequentialScale(hot, [3, -1, 2]);
  assert.deepEqual([low, high, clipped], [-1, 3, undefined]);
});

Deno.test("sequentialScale() says which values lie below its lower end", () => {
  const scale = sequentialScale(hot, [-0.5, 2], 0);
  assert.equal(scale.clipped, -0.5);
  assert.equal(colorIndex(scale, -0.5), 0);
});

Deno.test("sequentialScale() has colours for values that are all the same, or all below", () => {
  for (const values of [[0, 0], [-1, -2]]) {
    const scale = sequentialScale(hot, values, 0);
    assert(scale.high > scale.low);
    assert.equal(colorIndex(scale, values[0]!), 0);
  }
});

Deno.test("centeredScale() reaches as far below zero as above", () => {
  const scale = centeredScale(colorMap("RdBu_r"), [-3, 1]);
  assert.deepEqual([scale.low, scale.center, scale.high], [-3, 0, 3]);
  assert.equal(centeredScale(hot, [0]).high, 1);
});

Deno.test("strength() is the value, or its distance from the centre", () => {
  assert(strength(sequentialScale(hot, [-3, 1], 0), -3) < strength(sequentialScale(hot, [1]), 1));
  const centered = centeredScale(hot, [-3, 1]);
  assert(strength(centered, -3) > strength(centered, 1));
});

Deno.test("colorOf() is the map's colour of a value", () => {
  const scale = sequentialScale(hot, [0, 1]);
  assert.deepEqual(colorOf(scale, 0), [11, 0, 0]);
  assert.deepEqual(colorOf(scale, 1), [255, 255, 255]);
});

Deno.test("inkOn() is black on bright colours and white on dark ones", () => {
  assert.equal(inkOn([255, 255, 255]), "#000000");
  assert.equal(inkOn([255, 255, 0]), "#000000");
  assert.equal(inkOn([0, 0, 0]), "#ffffff");
  assert.equal(inkOn([69, 117, 180]), "#ffffff"); // the blue of RdYlBu
  assert.equal(inkOn([215, 48, 39]), "#ffffff"); // its red
});
