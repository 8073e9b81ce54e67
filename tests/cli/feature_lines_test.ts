import assert from "node:assert/strict";
import { featureLines } from "../../lib/cli/feature_lines.ts";
import type { LayerSelectivity } from "../../lib/results/selectivity_files.ts";

/** What the lines need of a site. */
const SITE = {
  record: {
    site: "pre 6",
    persons: 20,
    halves: { seed: 0, choosing: 10, estimating: 10 },
    groups: [{ key: "born" }],
  },
} as unknown as LayerSelectivity;

Deno.test("featureLines() gives what rounds to 0 no sign, and a dash to what is not there", () => {
  const listed = [{
    feature: 7,
    aurocChoosing: 0.8,
    auroc: 0.75,
    interval: null,
    reason: "too few persons",
    log10P: -0.01,
    log10Q: null,
    difference: -0.0001,
    differenceInterval: [-0.2, -0.0004] as const,
    byWording: {},
  }];
  const [, , row, reason] = featureLines(SITE, { group: 0, against: undefined, listed });
  const cells = row!.trim().split(/ {2,}/);
  assert.deepEqual(cells, ["7", "0.800", "0.750", "-", "0.0", "-", "0.000", "-0.200 to 0.000"]);
  assert.equal(reason, "  no interval of 7: too few persons");
});
