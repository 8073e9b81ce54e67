import assert from "node:assert/strict";
import { cutsOf } from "../../lib/features/encode_record.ts";
import { openSae } from "../../lib/sae/open_sae.ts";

/** What `encode.json` says of a case's k and threshold, and the k of its owner. */
async function cutsIn(name: string) {
  const directory = `tests/fixtures/saes/${name}`;
  const { entry, k } = JSON.parse(Deno.readTextFileSync(`${directory}/case.json`));
  const { activation, pursuit } = await (await openSae(`${directory}/files/${entry}`)).read();
  return { cuts: cutsOf(activation, pursuit), k };
}

Deno.test("cutsOf() gives the k of groupmax as its owner counts it: one of each run of features", async () => {
  assert.deepEqual(await cutsIn("sparsify_groupmax"), { cuts: { k: 9, threshold: null }, k: 9 });
});

Deno.test("cutsOf() gives the k of top-k whose activations are brought back to another scale", async () => {
  const { cuts, k } = await cutsIn("llamascopium_topk");
  assert(k > 1);
  assert.deepEqual(cuts, { k, threshold: null });
});

Deno.test("cutsOf() gives the threshold 0 of a ReLU times the lengths of the decoder", async () => {
  assert.deepEqual((await cutsIn("dl_panneal")).cuts, { k: null, threshold: 0 });
});

Deno.test("cutsOf() gives no threshold of a gate, of linear features and of matching pursuit", async () => {
  for (const name of ["dl_gated", "sl6_gated", "sl6_matching_pursuit"]) {
    assert.deepEqual((await cutsIn(name)).cuts, { k: null, threshold: null }, name);
  }
  assert.deepEqual(cutsOf({}), { k: null, threshold: null });
});
