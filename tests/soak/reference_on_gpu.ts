/** The whole analysis on a GPU, all blocks of the language model: a GPU made of software takes its time. */
import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { expectsGpu } from "../support/gpu.ts";
import { compareWithReference, KINDS, referenceOptions } from "../support/reference_numbers.ts";

for (const [kind, { layers }] of Object.entries(KINDS)) {
  Deno.test({
    name: `analyzeLayers() gives the reference's numbers of all layers on gpu, ${kind} SAEs`,
    ignore: !expectsGpu,
    fn: async () => {
      const plan = await planAnalysis(referenceOptions(kind as keyof typeof KINDS, layers));
      using device = await openDevice("gpu");
      const results = await Array.fromAsync(analyzeLayers(plan, device));
      assert.deepEqual(results.map(({ record }) => record.layer), layers);
      await compareWithReference(results, kind as keyof typeof KINDS, "gpu");
    },
  });
}
