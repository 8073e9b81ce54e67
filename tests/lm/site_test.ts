import assert from "node:assert/strict";
import {
  BLOCK_POINTS,
  compareSites,
  deepestSite,
  fileStem,
  FINAL,
  isSameSite,
  layerOfSite,
  parseSite,
  type Site,
  siteOfLayer,
  siteText,
} from "../../lib/lm/site.ts";

Deno.test("hidden_states[L] is what block L takes, and after the last block the final state", () => {
  assert.deepEqual(siteOfLayer(0, 12), { block: 0, point: "pre" });
  assert.deepEqual(siteOfLayer(11, 12), { block: 11, point: "pre" });
  assert.deepEqual(siteOfLayer(12, 12), { point: "final" });
  for (let layer = 0; layer <= 12; layer++) {
    assert.deepEqual(layerOfSite(siteOfLayer(layer, 12), 12), layer);
  }
});

Deno.test("a site that Hugging Face does not list is no layer", () => {
  for (const point of BLOCK_POINTS.filter((point) => point !== "pre")) {
    assert.deepEqual(layerOfSite({ block: 3, point }, 12), undefined, point);
  }
});

Deno.test("a site is read with a space or a colon", () => {
  assert.deepEqual(parseSite("pre 6"), { block: 6, point: "pre" });
  assert.deepEqual(parseSite("post:12"), { block: 12, point: "post" });
  assert.deepEqual(parseSite("  mlp_out :  3 "), { block: 3, point: "mlp_out" });
  assert.deepEqual(parseSite("attn_out 007"), { block: 7, point: "attn_out" });
  assert.deepEqual(parseSite(" final "), FINAL);
});

Deno.test("what is no site is not read", () => {
  const texts = [
    "",
    "6",
    "pre",
    "pre6",
    "pre -1",
    "pre 1.5",
    "pre 1234",
    "final 3",
    "pre 6 7",
    "Pre 6",
  ];
  for (const text of [...texts, "resid 6", "constructor 6", "pre ６"]) {
    assert.deepEqual(parseSite(text), undefined, text);
  }
});

Deno.test("a site is read as it is written", () => {
  for (const site of sitesOf(3)) assert.deepEqual(parseSite(siteText(site)), site);
  assert.deepEqual(siteText({ block: 6, point: "pre" }), "pre 6");
});

Deno.test("each site has files of its own, those of a block's input by the name of the layer", () => {
  assert.deepEqual(fileStem({ block: 6, point: "pre" }), "layer06");
  assert.deepEqual(fileStem({ block: 12, point: "post" }), "post12");
  assert.deepEqual(fileStem({ block: 3, point: "mid" }), "mid03");
  assert.deepEqual(fileStem({ block: 100, point: "mlp_out" }), "mlp_out100");
  assert.deepEqual(fileStem(FINAL), "final");
  const sites = sitesOf(3);
  assert.deepEqual(new Set(sites.map(fileStem)).size, sites.length);
});

Deno.test("sites are ordered as a forward pass comes to them", () => {
  const sites = sitesOf(12);
  assert.deepEqual(sites.toReversed().sort(compareSites), sites);
  assert.deepEqual(sites.slice(0, 6).map(siteText), [
    "pre 0",
    "attn_out 0",
    "mid 0",
    "mlp_out 0",
    "post 0",
    "pre 1",
  ]);
});

Deno.test("the deepest site is how far the model has to be computed", () => {
  const shallow: Site = { block: 2, point: "post" };
  assert.deepEqual(deepestSite([{ block: 3, point: "pre" }, shallow]), { block: 3, point: "pre" });
  assert.deepEqual(deepestSite([shallow, FINAL, { block: 999, point: "post" }]), FINAL);
});

Deno.test("sites with the same numbers are two sites", () => {
  assert.deepEqual(isSameSite({ block: 5, point: "post" }, { block: 6, point: "pre" }), false);
  assert.deepEqual(isSameSite({ block: 5, point: "post" }, { block: 5, point: "post" }), true);
  assert.deepEqual(isSameSite(FINAL, { point: "final" }), true);
});

/** All sites of a model, in the order of a forward pass. */
function sitesOf(blockCount: number): Site[] {
  const blocks = [...Array(blockCount).keys()];
  return [...blocks.flatMap((block) => BLOCK_POINTS.map((point) => ({ block, point }))), FINAL];
}
