import assert from "node:assert/strict";
import { KeptTails } from "../../../lib/analysis/statistics/kept_tails.ts";
import { siteOf } from "../../support/selectivity_sites.ts";
import { layerRecord } from "../../support/layer_results.ts";

const site = siteOf({ features: 4 }); // eight p: 64 bytes

Deno.test("the p of layers are kept, as copies", () => {
  const tails = new KeptTails();
  tails.keep({ record: layerRecord({ layer: 3 }), selectivity: site });
  tails.keep({ record: layerRecord({ layer: 4 }) }); // it was not measured
  assert.deepEqual([...tails.known.keys()], [3]);
  assert.deepEqual(tails.known.get(3), site.measures.log10_p);
  assert.notEqual(tails.known.get(3)!.buffer, site.measures.log10_p.buffer);
});

Deno.test("no more is kept than there is room for", () => {
  const tails = new KeptTails(130);
  for (const layer of [1, 2, 3]) tails.keep({ record: layerRecord({ layer }), selectivity: site });
  assert.deepEqual([...tails.known.keys()], [1, 2]);
});
