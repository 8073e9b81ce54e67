import assert from "node:assert/strict";
import { compareSites } from "../../lib/comparison/run_comparison.ts";
import { bestFeatures } from "../../lib/results/best_features.ts";
import { emergenceAt } from "../../lib/results/emergence.ts";
import { pseudoSlots } from "../../lib/results/pseudo_slots.ts";
import { chosenFor } from "../../lib/verdict/site.ts";
import { noiseAt, siteOf } from "../support/selectivity_sites.ts";

/** The persons of the choosing half have even numbers: there, eight of twenty have feature 0 active. */
const EIGHT = 16;

/**
 * Feature 0 is silent outside of the relation, and the best by its AUROC; but few have it active. Feature 1
 * is active in all, and does a little worse.
 */
function rareSite({ features = 2, isRare = true }: { features?: number; isRare?: boolean } = {}) {
  return siteOf({
    groups: 2,
    features,
    persons: 40,
    value: (feature, group, person) => {
      if (feature > 1 || group === 1) return feature === 1 ? 0.5 + noiseAt(1, 1, person) : 0;
      if (feature === 1) return 0.65 + noiseAt(1, 0, person);
      return !isRare || person < EIGHT ? 1 : 0;
    },
  });
}

const best = (site: ReturnType<typeof rareSite>, among?: ReadonlySet<number>) =>
  [...bestFeatures(site, { group: 0, end: 2, among })].map(({ feature }) => feature);

Deno.test("the best by its AUROC is passed over where fewer than ten persons have it active", () => {
  const { measures: { auroc_choosing } } = rareSite();
  assert(auroc_choosing[0]! > auroc_choosing[1]! && auroc_choosing[1]! > 0.5);
  assert.deepEqual(best(rareSite()), [1]);
  assert.deepEqual(best(rareSite({ isRare: false })), [0, 1]);
});

Deno.test("of features that are all such, the best is taken", () => {
  assert.deepEqual(best(rareSite(), new Set([0])), [0]);
});

Deno.test("where persons are not known, each question counts as one", () => {
  const site = rareSite();
  // One person is asked all questions of the choosing half.
  const questions = site.questions.map((value, i) => i % 5 === 1 ? value % 2 : value);
  const of = (persons: number | null) =>
    best({ ...site, questions, record: { ...site.record, persons } });
  assert.deepEqual(of(2), [0, 1], "both features are active in one person");
  assert.deepEqual(of(null), [1], "feature 1 is active in twenty questions");
});

Deno.test("a verdict, the picture of emergence and both comparisons name the same feature", () => {
  const selectivity = rareSite();
  const free = { selectivity, freeCount: 2, sae: "free" };
  const slots = { selectivity: rareSite({ features: 4 }), freeCount: 2, sae: "slots" };
  const site = { found: selectivity, layer: 6, freeCount: 2, slots: [], slotCount: 0 };
  assert.deepEqual({
    verdict: chosenFor(site, 0)[0]?.feature,
    emergence: emergenceAt({ layer: 6, selectivity, freeCount: 2 })[0]!.free?.feature,
    inPlaceOfSlot: pseudoSlots(selectivity, 2).get(0),
    comparedSlot: compareSites(slots, free, "slots")![0]!.b.feature,
    comparedFeature: compareSites(slots, free, "features")![0]!.b.feature,
    ofTheSameSae: compareSites(free, free, "features")![0]!.b.feature,
  }, {
    verdict: 1,
    emergence: 1,
    inPlaceOfSlot: 1,
    comparedSlot: 1,
    comparedFeature: 1,
    ofTheSameSae: 1,
  });
});

Deno.test("where no feature is higher for a relation, none is shown and the comparison says why", () => {
  const selectivity = siteOf({ groups: 2, features: 1, persons: 40, value: (_, group) => group });
  assert.equal(emergenceAt({ layer: 6, selectivity, freeCount: 1 })[0]!.free, undefined);
  const site = { selectivity, freeCount: 1, sae: "one" };
  const [none, , mean] = compareSites(site, site, "features")!;
  const reason = "no free feature whose activations were kept is higher for the relation";
  assert.deepEqual([none!.a.feature, none!.reason], [null, reason]);
  assert.equal(mean!.reason, `of one relation there is none: ${reason}`);
});
