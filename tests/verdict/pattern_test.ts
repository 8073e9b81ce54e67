/** What is concluded of the order of the layers, where the truth is known. */
import assert from "node:assert/strict";
import type { Site } from "../../lib/verdict/site.ts";
import { type MadeUp, noiseOf, type Question, syntheticSite } from "../support/synthetic_site.ts";
import { slots, textOf, verdictOn } from "../support/verdicts.ts";

/** The same site of another SAE. */
function named(site: Site, layer: string): Site {
  return { ...site, layer, found: { ...site.found, layer } };
}

Deno.test("thirds are of sites: SAEs that read one site are in the same", () => {
  const at = (layer: string) => named(syntheticSite({ ...slots(1, 0.2), layer: 3 }), layer);
  const two = verdictOn(...["post03_w48", "post03_w128", "post05"].map(at)).pattern;
  assert.deepEqual(two.bands, []);
  assert.equal(two.reason, "early, middle and late layers need three sites at least");
  const three = verdictOn(...["post03_w48", "post03_w128", "post05", "final"].map(at)).pattern;
  const both = verdictOn(at("post03_w48"), at("post03_w128"));
  assert.match(textOf(both), /^Post 3 \(w\d+\), the one that is recommended of 2 SAEs at 1 site:/m);
  const { sites } = both;
  // Each is called as in the table.
  assert.deepEqual(sites.map(({ site }) => site), ["pre 3 (w48)", "pre 3 (w128)"]);
  assert.deepEqual(three.bands.map(({ layers }) => layers), [
    ["post 3 (w48)", "post 3 (w128)"],
    ["post 5"],
    ["final"],
  ]);
});

Deno.test("where several SAEs see the length alone, none of them is where a relation emerges", () => {
  // A question of relation 0 has 9 tokens more often: the second feature tells it apart by that.
  const tokens: MadeUp["tokens"] = ({ relation, person }) =>
    relation === 0 && person % 3 > 0 ? 9 : 9 + Math.floor(person / 2) % 2;
  const blind = (feature: (tokens: number) => number, layer: string) => {
    const free = [0, 1, 2].map(() => (each: Question) => feature(tokens!(each)));
    return named(syntheticSite({ persons: 80, tokens, layer: 0, free }), layer);
  };
  const verdict = verdictOn(
    blind((length) => length, "layer00_w8"),
    blind((length) => 20 - length, "layer00_w16"),
    syntheticSite({ persons: 80, tokens, layer: 6 }),
  );
  assert.deepEqual(verdict.sites.map(({ seesLengthOnly }) => seesLengthOnly), [true, true, false]);
  const [first] = verdict.emergence;
  const [worse, better] = first!.aurocs.map(({ auroc }) => auroc);
  assert(worse!.value === null || worse!.value < better!.value!);
  assert.equal(first!.firstAboveControl, "layer 6");
  assert(Math.abs(first!.aboveControl!.value! - (1 - better!.value!)) < 1e-12);
  assert.match(textOf(verdict), /Pre 0 \(w8\) and pre 0 \(w16\) see only length/);
});

Deno.test("the expected pattern is confirmed or contradicted by the gap of thirds of the layers", () => {
  const of = (gaps: readonly number[]) =>
    verdictOn(...gaps.map((gap, k) => {
      const slot: MadeUp["slot"] = ({ relation, person }, s) =>
        (s === relation ? 0.2 + gap : 0.2) + 0.01 * noiseOf(k, relation, person);
      return syntheticSite({ persons: 24, layer: k + 1, slot });
    })).pattern;
  const rising = of([0.1, 0.5, 1]);
  assert.deepEqual([rising.separatesInMiddle, rising.cleanestLate], ["confirmed", "confirmed"]);
  const falling = of([0.5, 1, 0.4]);
  assert.deepEqual([falling.separatesInMiddle, falling.cleanestLate], [
    "confirmed",
    "contradicted",
  ]);
});
