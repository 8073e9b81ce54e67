import assert from "node:assert/strict";
import { POOLED_HERE } from "../../lib/sae/encode/pool_task.ts";
import { emptyReductions } from "../../lib/sae/encode/reductions.ts";
import { activationThreshold } from "../../lib/stats/activation_threshold.ts";
import { estimateAuroc } from "../../lib/stats/estimated_auroc.ts";
import { selectivityDesign } from "../../lib/stats/selectivity/design.ts";
import { roomForSelectivity, SelectivityMeter } from "../../lib/stats/selectivity/selectivity.ts";

/** It is above 0.1 by 1.5e-9, but PyTorch's `activations > 0.1` says it is not. */
const TENTH = Math.fround(0.1);
/** The least float32 that is above it. */
const ABOVE = new Float32Array(
  new Uint32Array([
    new Uint32Array(Float32Array.of(TENTH).buffer)[0]! + 1,
  ]).buffer,
)[0]!;

Deno.test("the float32 next to the threshold is not above it, the one after it is", () => {
  assert(TENTH > 0.1);
  assert(!(TENTH > activationThreshold(0.1)));
  assert(ABOVE > activationThreshold(0.1));
});

Deno.test("activations at the threshold are not active: in the table, pooled, or by persons", async () => {
  const groups = Int32Array.of(0, 0, 1, 1);
  const design = selectivityDesign(groups, { groupCount: 2 });
  for (const [activation, share] of [[TENTH, 0], [ABOVE, 0.5]] as const) {
    const column = Float32Array.of(activation, 0, 0, 0);
    const found = roomForSelectivity(2, 1);
    new SelectivityMeter(design, { threshold: 0.1 }).measure(column, found, {
      feature: 0,
      featureCount: 1,
    });
    assert.equal(found.active_in[0], share);
    const { reductions } = await POOLED_HERE.pool({
      values: column,
      pooling: "max",
      stateCounts: [4],
      groups: [0],
      first: 0,
      threshold: 0.1,
      targets: [],
      wantsColumns: false,
      reductions: emptyReductions({ groupSizes: [1] }, 1),
    });
    assert.equal(reductions.counts[0], 2 * share);
    const persons = Array.from({ length: 20 }, (_, i) => i);
    const inGroup = persons.map((person) => person < 10);
    const values = persons.map((person) => person < 10 ? activation : person / 100);
    const { interval } = estimateAuroc(values, { inGroup, persons, threshold: 0.1 });
    assert.equal(interval !== null, share > 0);
  }
});
