import assert from "node:assert/strict";
import { describeLayer, describeSite, LAYER_CONVENTION } from "../../lib/lm/layer_convention.ts";

Deno.test("describeLayer() calls layer 0 the embedding", () => {
  assert.match(describeLayer(0, 12), /^hidden_states\[0\], the embedding of the last token/);
});

Deno.test("describeLayer() says which blocks a layer comes after and before", () => {
  assert.equal(
    describeLayer(11, 12),
    "hidden_states[11], the residual stream after 11 of 12 blocks, which is the input of block 11",
  );
});

Deno.test("describeLayer() says that the layer after the last block is normalised", () => {
  assert.equal(describeLayer(12, 12), "hidden_states[12], the state after the final LayerNorm");
});

Deno.test("LAYER_CONVENTION names the index, the token and the exception", () => {
  assert.match(LAYER_CONVENTION, /hidden_states\[L\].*last token.*final LayerNorm/);
});

Deno.test("describeSite() speaks of the last token only where the states are those of it", () => {
  const site = { block: 0, point: "pre" } as const;
  assert.match(describeSite(site, { blockCount: 12 }), /the last token: it differs/);
  assert.equal(
    describeSite(site, { blockCount: 12, doEndAlike: false }),
    "hidden_states[0], the embedding of the token",
  );
});
