import assert from "node:assert/strict";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import type { Activation } from "../../../lib/sae/activation.ts";
import { encodeGroups, featureGroups } from "../../../lib/sae/encode/feature_groups.ts";
import { emptyReductions } from "../../../lib/sae/encode/reductions.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import type { Sae } from "../../../lib/sae/sae.ts";

function saeWith(activation: Activation): Sae {
  return {
    width: 1,
    featureCount: 6,
    rows: wholeRows(new Float32Array(6), 1),
    bias: Float32Array.from({ length: 6 }, (_, feature) => feature),
    input: [],
    activation,
    targets: [],
  };
}

const GROUPMAX = saeWith({ threshold: { k: 1, by: "value", groups: 3 } });

Deno.test("featureGroups() are runs of the same length, where top-k chooses within some", () => {
  assert.deepEqual(featureGroups(GROUPMAX), [
    { first: 0, count: 2 },
    { first: 2, count: 2 },
    { first: 4, count: 2 },
  ]);
  for (const threshold of [undefined, 0, { k: 2, by: "value" }] as const) {
    assert.equal(featureGroups(saeWith(threshold === undefined ? {} : { threshold })), undefined);
  }
  const four = saeWith({ threshold: { k: 1, by: "value", groups: 4 } });
  assert.throws(() => featureGroups(four), /Cannot divide 6 features into 4 groups/);
});

Deno.test("encodeGroups() puts what each run gives where its features are", async () => {
  const hidden = rowsInMemory(Float32Array.of(0, 0), 1);
  const kept = [5, 0, 3];
  const { reductions, keptActivations } = await encodeGroups(
    { hidden, groupSizes: [2], sae: GROUPMAX, threshold: 0 },
    {
      groups: featureGroups(GROUPMAX)!,
      kept: { count: kept.length, feature: (i) => kept[i]! },
    },
    (input) => {
      const { sae, kept } = input;
      const reductions = emptyReductions(input, sae.featureCount);
      reductions.sums.set(sae.bias);
      const own = kept as readonly number[];
      const activations = [0, 100].flatMap((question) => own.map((i) => question + sae.bias[i]!));
      return Promise.resolve({ reductions, keptActivations: Float32Array.from(activations) });
    },
  );
  assert.deepEqual([...reductions.sums], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...keptActivations], [5, 0, 3, 105, 100, 103]);
});
