import assert from "node:assert/strict";
import { formOf, RELU } from "../../../lib/sae/activation.ts";
import { buildEncodeGraph } from "../../../lib/sae/encode/ort_graph.ts";
import { EXTRA_REDUCTIONS, reductionsOf } from "../../../lib/sae/encode/reductions.ts";

const FORMS = {
  relu: "relu",
  "a threshold for all": formOf(RELU),
  "a threshold each": formOf({ threshold: new Float32Array(1), scale: new Float32Array(1) }),
  "top-k": formOf({ threshold: { k: 1, by: "magnitude" }, floor: 0 }),
} as const;

for (const [name, form] of Object.entries(FORMS)) {
  Deno.test(`a graph with ${name} has no Cast where it is to have none: V8 takes 110 MiB to compile it`, async () => {
    for (const also of [[], EXTRA_REDUCTIONS]) {
      const options = { reductions: reductionsOf(also), isByFeature: false, avoidsCast: true };
      const graph = new TextDecoder("latin1").decode(await buildEncodeGraph(form, options));
      assert.match(graph, /Gemm/); // operators are looked for by their names
      assert.doesNotMatch(graph, /Cast/);
    }
  });
}
