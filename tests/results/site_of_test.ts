import assert from "node:assert/strict";
import { describeLayer } from "../../lib/lm/layer_convention.ts";
import { siteOfLayer } from "../../lib/lm/site.ts";
import { siteOf } from "../../lib/results/site_of.ts";

Deno.test("siteOf() is the site of the layer that a record describes", () => {
  for (const blockCount of [1, 12]) {
    for (let layer = 0; layer <= blockCount; layer++) {
      const record = { layer, hidden_state: describeLayer(layer, blockCount) };
      assert.deepEqual(siteOf(record), siteOfLayer(layer, blockCount), record.hidden_state);
    }
  }
});
