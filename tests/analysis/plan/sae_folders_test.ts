import assert from "node:assert/strict";
import { folderConflict, labelsOf } from "../../../lib/analysis/plan/sae_folders.ts";

Deno.test("labelsOf() takes the parts of paths that not all have, in letters that names may have", () => {
  assert.deepEqual(labelsOf("r", ["r/layer_12/width_16k/average_l0_82"]), [undefined]);
  assert.deepEqual(
    labelsOf("r", ["r/layer_12/width_16k/l0_82", "r/layer_12/width_65k/l0_82"]),
    ["width_16k", "width_65k"],
  );
  assert.deepEqual(labelsOf("r", ["r/a b/x", "r/a*b/x", "r/x"]), ["a_b", "a_b_2", "this"]);
});

const site = { block: 3, point: "post" } as const;
const CASES: readonly [path: string, words: string, said: RegExp | undefined][] = [
  ["saes/layer_3/width_16k", "blocks.3.hook_resid_post", undefined],
  ["saes/layer_7/width_16k", "blocks.3.hook_resid_post", /layer_7 says layer 7, .* blocks.3.hook/],
  ["saes/resid_post_layer_7/trainer_0", "layer 3", /says layer 7, its files say layer 3/],
  ["saes/layers.10", "layers.3", /layers.10 says layer 10/],
  ["saes/blocks.3.hook_resid_pre", "blocks.3.hook_resid_post", /says pre 3, its files say/],
  ["saes/width_16k", "blocks.3.hook_resid_post", undefined],
];

for (const [path, siteInWords, said] of CASES) {
  Deno.test(`folderConflict() of ${path} and ${siteInWords}: ${said ?? "none"}`, () => {
    const conflict = folderConflict({ path, site, siteInWords });
    if (said === undefined) assert.equal(conflict, undefined);
    else assert.match(conflict!, said);
  });
}
