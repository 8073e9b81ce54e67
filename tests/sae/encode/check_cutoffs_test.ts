import assert from "node:assert/strict";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { findWrongCutoff } from "../../../lib/sae/encode/check_cutoffs.ts";
import type { EncodeInput } from "../../../lib/sae/encode/encoder.ts";
import { emptyReductions } from "../../../lib/sae/encode/reductions.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import type { TopK } from "../../../lib/sae/top_k.ts";

/** Five features of the one state 1, whose p are these. */
const P = Float32Array.of(4, -5, 1, 3, 2);

async function check(by: TopK["by"], threshold: number) {
  const input: EncodeInput = {
    hidden: rowsInMemory(Float32Array.of(1), 1),
    groupSizes: [1],
    threshold: 0,
    sae: {
      width: 1,
      featureCount: P.length,
      rows: wholeRows(P, 1),
      bias: new Float32Array(P.length),
      input: [],
      activation: { threshold: { k: 2, by } },
      targets: [],
    },
  };
  const cutoffs = { thresholds: Float32Array.of(threshold), ends: Uint32Array.of(4) };
  return await findWrongCutoff(input, {
    reductions: emptyReductions(input, P.length),
    keptActivations: new Float32Array(0),
    cutoffs,
  });
}

Deno.test("findWrongCutoff() has nothing against the k-th largest number, or magnitude", async () => {
  assert.equal(await check("value", 3), undefined);
  assert.equal(await check("magnitude", 4), undefined);
});

Deno.test("findWrongCutoff() finds a threshold that leaves more or fewer features than k", async () => {
  for (
    const [by, threshold, found] of [
      ["value", 1, 3],
      ["value", 3.5, 1],
      ["magnitude", 2, 3],
    ] as const
  ) {
    const wrong = await check(by, threshold);
    assert.deepEqual([wrong!.found, wrong!.expected, wrong!.group], [found, 2, 0]);
  }
});
