import assert from "node:assert/strict";
import { FINAL, type Site } from "../../lib/lm/site.ts";
import {
  compareLayers,
  isLayerName,
  labelledSite,
  type LayerName,
  layerName,
  layersText,
  layerText,
  layerTitle,
  nameOfPrefix,
  prefixOf,
  siteOfName,
} from "../../lib/results/layer_name.ts";

const NAMES: readonly [site: Site, label: string | undefined, name: LayerName, prefix: string][] = [
  [{ block: 6, point: "pre" }, undefined, 6, "layer06"],
  [{ block: 100, point: "pre" }, undefined, 100, "layer100"],
  [{ block: 6, point: "pre" }, "width_16k", "layer06_width_16k", "layer06_width_16k"],
  [{ block: 12, point: "post" }, undefined, "post12", "post12"],
  [{ block: 12, point: "post" }, "average_l0_82", "post12_average_l0_82", "post12_average_l0_82"],
  [{ block: 3, point: "attn_out" }, undefined, "attn_out03", "attn_out03"],
  [{ block: 3, point: "mid" }, "x.y-1", "mid03_x.y-1", "mid03_x.y-1"],
  [FINAL, undefined, "final", "final"],
  [FINAL, "b", "final_b", "final_b"],
];

for (const [site, label, name, prefix] of NAMES) {
  Deno.test(`the results called ${name} have files ${prefix}_…, and their site is in the name`, () => {
    assert.equal(layerName(site, label), name);
    assert.equal(prefixOf(name), prefix);
    assert.equal(nameOfPrefix(prefix), name);
    assert.deepEqual(siteOfName(name), site);
    assert.equal(isLayerName(prefix), typeof name === "string");
  });
}

for (
  const text of ["", "layer6", "layer006", "layer", "post", "prae12", "finale", "final_", "post12_"]
    .concat("post12_a/b", "../post12", "post1", "post0012", "layer06 x", "constructor")
) {
  Deno.test(`nothing is called "${text}"`, () => {
    assert.equal(nameOfPrefix(text), undefined);
    assert.equal(isLayerName(text), false);
  });
}

Deno.test("layers come in the order of their sites, several at one site by the numbers in their names", () => {
  const names: LayerName[] = [
    2,
    9,
    "layer09_a",
    "mid09",
    "post9x_no",
    10,
    "post10_l0_9",
    "post10_l0_82",
    "final",
  ].filter((name) => name !== "post9x_no");
  const mixed = [...names].reverse();
  assert.deepEqual(mixed.sort(compareLayers), names);
});

Deno.test("layers are said in words", () => {
  assert.equal(layerText(6), "layer 6");
  assert.equal(layerText("post12"), "post 12");
  assert.equal(layerText("post12_l0_82"), "post 12 (l0_82)");
  assert.equal(labelledSite("pre 6", 6), "pre 6");
  assert.equal(labelledSite("post 12", "post12"), "post 12");
  assert.equal(labelledSite("post 12", "post12_l0_82"), "post 12 (l0_82)");
  assert.equal(layersText([6]), "layer 6");
  assert.equal(layersText([6, 7]), "layers 6, 7");
  assert.equal(layersText([6, "post12", "final"]), "layer 6, post 12, final");
  assert.equal(layerTitle(6), "Layer 6");
  assert.equal(layerTitle("post12"), "Site post 12");
});
