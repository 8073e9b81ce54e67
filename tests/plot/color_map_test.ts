import assert from "node:assert/strict";
import { colorMap, COLORS } from "../../lib/plot/color_map.ts";
import { COLOR_MAP_NAMES, type ColorMapName } from "../../lib/plot/names.ts";
import matplotlib from "../fixtures/plot/color_maps.json" with { type: "json" };

/** In levels of 255: rounding, and d3's polynomial for cividis. */
const tolerance = (name: string) => name.startsWith("cividis") ? 19 : 1;

for (const [name, digits] of Object.entries(matplotlib.maps)) {
  Deno.test(`colorMap("${name}") has matplotlib's colours`, () => {
    const { colors } = colorMap(name as ColorMapName);
    assert.equal(colors.length, 3 * COLORS);
    const expected = Uint8Array.fromHex(digits);
    colors.forEach((level, i) => {
      const distance = Math.abs(level - expected[i]!);
      assert(distance <= tolerance(name), `colour ${Math.floor(i / 3)} is ${distance} levels off`);
    });
  });
}

Deno.test("colorMap() reverses each map", () => {
  for (const name of COLOR_MAP_NAMES.filter((name) => !name.endsWith("_r"))) {
    const { colors } = colorMap(name);
    const reversed = colorMap(`${name}_r` as ColorMapName).colors;
    for (let i = 0; i < COLORS; i++) {
      const last = 3 * (COLORS - 1 - i);
      assert.deepEqual(reversed.subarray(3 * i, 3 * i + 3), colors.subarray(last, last + 3), name);
    }
  }
});

Deno.test("every named colour map is compared with matplotlib's", () => {
  const compared = Object.keys(matplotlib.maps).map((name) => name.replace(/_r$/, ""));
  for (const name of COLOR_MAP_NAMES) assert(compared.includes(name.replace(/_r$/, "")), name);
});
