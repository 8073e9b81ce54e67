/** The pictures look as they did when someone last looked at them. */
import assert from "node:assert/strict";
import { toPng } from "../../lib/plot/formats/png.ts";
import { decode } from "../support/figures.ts";
import { GOLDEN_DPI, GOLDEN_PICTURES, goldenPath } from "../support/golden_pictures.ts";

/**
 * How far a channel may be off, of 255, and the share of channels that may be further: processors
 * smooth the edges of letters a little differently.
 */
const TOLERANCE = { level: 24, share: 1e-4 };

for (const [name, figure] of Object.entries(GOLDEN_PICTURES)) {
  Deno.test(`the ${name} picture looks as it did`, async () => {
    const expected = await decode(await Deno.readFile(goldenPath(name)), GOLDEN_DPI);
    const { width, height, data } = await decode(await toPng(figure(), GOLDEN_DPI), GOLDEN_DPI);
    assert.deepEqual([width, height], [expected.width, expected.height]);
    const far = data.filter((level, i) => Math.abs(level - expected.data[i]!) > TOLERANCE.level);
    assert(far.length <= TOLERANCE.share * data.length, `${far.length} of ${data.length} are off`);
  });
}
