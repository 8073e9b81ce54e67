import assert from "node:assert/strict";
import { emergence } from "../../lib/pictures/emergence.ts";
import { featureSharing } from "../../lib/pictures/feature_sharing.ts";
import { selectivityVolcano } from "../../lib/pictures/volcano.ts";
import { runComparison } from "../../lib/comparison/comparison_picture.ts";
import { emergenceAt, type EmergencePoint } from "../../lib/results/emergence.ts";
import { compareSites } from "../../lib/comparison/run_comparison.ts";
import { textBox } from "../../lib/plot/text.ts";
import { assertLegible, findText, wordsOf } from "../support/figures.ts";
import { siteOf } from "../support/selectivity_sites.ts";

const CAPTION = [
  "model demo/lm",
  "supervised SAE",
  "125 questions per relation of questions.jsonl",
];

function volcanoPicture(groups: number, features: number, freeCount = features - groups) {
  const site = siteOf({ groups, features, persons: groups > 4 ? 12 : 24 });
  const relations = site.record.groups.map(({ label }) => label);
  return { site, tests: 72_432, freeCount, relations, caption: CAPTION };
}

function emergencePicture(groups: number, layers: number, freeCount = 3) {
  const selectivity = siteOf({ groups, features: 3 + groups });
  const points = emergenceAt({ layer: 6, selectivity, freeCount });
  return {
    layers: Array.from({ length: layers }, (_, i) => String(i)),
    layerTitle: "Layer",
    relations: selectivity.record.groups.map(({ label }) => label),
    points: Array.from({ length: layers }, () => points),
    caption: CAPTION,
  };
}

function comparisonPicture(groups: number, layers: number) {
  const site = { selectivity: siteOf({ groups, features: 3 + groups }), freeCount: 3, sae: "sae" };
  const pairs = compareSites(site, site, "slots")!;
  return {
    ...emergencePicture(groups, layers),
    what: "slots" as const,
    names: ["in_distribution", "new_phrasings"] as const,
    pairs: Array.from({ length: layers }, () => pairs),
  };
}

for (const groups of [2, 6, 20]) {
  Deno.test(`the pictures of statistics can be read with ${groups} relations`, () => {
    assertLegible(selectivityVolcano(volcanoPicture(groups, 40)));
    assertLegible(featureSharing(volcanoPicture(groups, 40)));
    for (const layers of [1, 12, 36]) {
      assertLegible(emergence(emergencePicture(groups, layers)));
      assertLegible(runComparison(comparisonPicture(groups, layers)));
    }
  });
}

Deno.test("the volcano counts the discoveries of each relation and names the strongest", () => {
  const figure = selectivityVolcano(volcanoPicture(2, 8));
  const words = wordsOf(figure).join("\n");
  findText(figure, "Layer 6: Selectivity of Each Feature");
  // Feature 0 tells relation 0 apart without fault, feature 1 does so for relation 1.
  assert.match(words, /^\d of 8 are discoveries$/m);
  assert.match(words, /^F0$/m);
  assert.match(words, /^F1$/m);
  assert.match(words, /q ≤ 0.05 over\s72,432 tests/);
  assert.match(words, /hold for these wordings/);
});

Deno.test("the volcano of an SAE without slots speaks of none", () => {
  assert(!wordsOf(selectivityVolcano(volcanoPicture(2, 8, 8))).join().includes("slot"));
  assert(wordsOf(selectivityVolcano(volcanoPicture(2, 8))).join().includes("slot"));
});

Deno.test("the volcano calls slots as other pictures do, and shows in its key the ring that is drawn", () => {
  // Slot 1, feature 3, is as high for relation 0 as for its own.
  const value = (feature: number, group: number) =>
    Number(feature === 3 ? group < 2 : feature === 2 + group);
  const site = siteOf({ groups: 3, features: 5, persons: 24, value });
  const relations = ["A", "B", "C"];
  const figure = selectivityVolcano({ site, tests: 15, freeCount: 2, relations, caption: CAPTION });
  const words = wordsOf(figure);
  assert(words.includes("S1") && !words.includes("F3"), words.join());
  const rings = figure.marks.filter((mark) =>
    mark.kind === "polygon" && mark.stroke === "#007a8a" && mark.fill === "rgba(0, 0, 0, 0)"
  );
  assert.equal(rings.length, 1 + 3); // of the key, and of each relation
  assert(!figure.marks.some((mark) => mark.kind === "polygon" && mark.fill === "#007a8a"));
});

Deno.test("no name of the volcano stands on the line of the threshold", () => {
  const figureAt = (log10Q: number) => {
    const picture = volcanoPicture(2, 4, 4);
    picture.site.log10Q.fill(-0.1);
    picture.site.log10Q[0] = log10Q;
    return selectivityVolcano(picture);
  };
  const named: number[] = [];
  for (const log10Q of [-1.31, -1.35, -1.5]) {
    const figure = figureAt(log10Q);
    const name = figure.marks.find((mark) => mark.kind === "text" && mark.text === "F0");
    if (name?.kind !== "text") continue; // where there is no room for it
    named.push(log10Q);
    const box = textBox(name);
    for (const mark of figure.marks) {
      if (mark.kind !== "line" || mark.color !== "#555555") continue;
      const [, y] = mark.from;
      assert(y <= box.y || y >= box.y + box.height, `${log10Q}`);
    }
  }
  assert.deepEqual(named, [-1.31, -1.35, -1.5]);
});

Deno.test("where persons are not known, no mark without an interval is explained by them", () => {
  const volcano = volcanoPicture(2, 8);
  const site = { ...volcano.site, record: { ...volcano.site.record, persons: null } };
  const { points, ...picture } = emergencePicture(2, 3);
  const unknown = points.map((row) => row.map((each) => ({ ...each, arePersonsKnown: false })));
  for (
    const figure of [
      selectivityVolcano({ ...volcano, site }),
      emergence({ ...picture, points: unknown }),
    ]
  ) {
    const words = wordsOf(figure).join(" ");
    assert.match(words, /fewer than (10|ten) questions are active/);
    assert.doesNotMatch(words, /persons are active/);
  }
});

Deno.test("a feature without a test is not drawn", () => {
  const picture = volcanoPicture(2, 8);
  picture.site.log10Q.fill(NaN);
  const words = wordsOf(selectivityVolcano(picture));
  assert.equal(words.filter((word) => word === "0 of 8 are discoveries").length, 2);
});

Deno.test("the sharing matrix counts features that are on the lists of two relations", () => {
  // Feature 0 is high for relations 0 and 1 and low for 2, feature 1 for relation 2 alone.
  const site = siteOf({
    groups: 3,
    features: 2,
    value: (feature, group) => Number(feature === 0 ? group < 2 : group === 2),
  });
  const relations = ["A", "B", "C"];
  const figure = featureSharing({ site, tests: 6, freeCount: 2, relations, caption: CAPTION });
  const numbers = wordsOf(figure).filter((word) => /^\d$/.test(word)).slice(-9).join("");
  assert.equal(numbers, "110" + "110" + "001");
});

Deno.test("emergence names the first layer whose interval is above chance", () => {
  const none: EmergencePoint = { feature: 1, auroc: 0.6, interval: [0.4, 0.7], isCrossed: false };
  const clear: EmergencePoint = { feature: 2, auroc: 0.8, interval: [0.7, 0.9], isCrossed: false };
  const picture = { ...emergencePicture(1, 3), relations: ["A"] };
  const at = (slot?: EmergencePoint, free?: EmergencePoint) => [
    { slot, free, arePersonsKnown: true },
  ];
  const points = [at(none, none), at(clear, none), at(clear, { ...none, interval: null })];
  findText(emergence({ ...picture, points }), "slot from 1, free nowhere");
  const free = [at(undefined, none), at(undefined, clear), at(undefined, clear)];
  findText(emergence({ ...picture, points: free }), "from 1");
  const unsure = { ...clear, interval: null };
  const unknown = [1, 2, 3].map(() => at(none, unsure));
  findText(emergence({ ...picture, points: unknown }), "slot nowhere, free no interval");
});

Deno.test("emergence says what its bands are over", () => {
  const said = (arePersonsKnown: boolean) => {
    const { points, ...picture } = emergencePicture(2, 3);
    const those = points.map((row) => row.map((each) => ({ ...each, arePersonsKnown })));
    return wordsOf(emergence({ ...picture, points: those })).join(" ");
  };
  assert.match(said(true), /over Persons\).*all persons/);
  assert.match(said(false), /over Questions\).*not known whose the questions are.*all questions/);
});

Deno.test("emergence leaves its panels their height below which long names of layers stand", () => {
  const picture = emergencePicture(6, 2);
  const heightOf = (layers: string[]) => emergence({ ...picture, layers }).height;
  const plain = heightOf(["post 5", "post 6"]);
  assert.equal(plain, heightOf(["0", "1"]));
  const layers = ["post 5 (width_16384_average_l0_82)", "post 5 (width_65536_average_l0_41)"];
  assert(heightOf(layers) > plain + 100);
  assertLegible(emergence({ ...picture, layers }));
});

Deno.test("emergence says of layer 0 that it sees only lengths", () => {
  const said = (hasControl: boolean) =>
    wordsOf(emergence({ ...emergencePicture(2, 3), hasControl })).join(" ");
  assert.match(said(true), /layer 0 sees only the length/);
  assert.doesNotMatch(said(false), /layer 0 sees/);
  const sites = emergence({ ...emergencePicture(2, 3), layerTitle: "Site", hasControl: true });
  assert.match(wordsOf(sites).join(" "), /pre 0, which is layer 0, sees only the length/);
});

Deno.test("two runs compared stand beside each other under their names, with their difference", () => {
  const figure = runComparison(comparisonPicture(2, 3));
  findText(figure, "A: in_distribution");
  findText(figure, "B: new_phrasings");
  const words = wordsOf(figure);
  assert.equal(words.filter((word) => word === "B − A").length, 1 + 3, "the key, and a panel each");
  findText(figure, "All Relations (Mean)");
});

Deno.test("two runs compared leave both parts of a panel their height above long names of layers", () => {
  const picture = comparisonPicture(6, 2);
  const heightOf = (layers: string[]) => runComparison({ ...picture, layers }).height;
  const plain = heightOf(["0", "1"]);
  assert.equal(plain, heightOf(["post 5", "post 6"]));
  const layers = ["post 5 (width_16384_average_l0_82)", "post 5 (width_65536_average_l0_41)"];
  assert(heightOf(layers) > plain + 100);
  assertLegible(runComparison({ ...picture, layers, layerTitle: "Site" }));
});
