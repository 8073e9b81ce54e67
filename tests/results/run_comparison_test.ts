import assert from "node:assert/strict";
import { comparisonNotes } from "../../lib/results/comparison_notes.ts";
import { comparisonText } from "../../lib/results/comparison_text.ts";
import { compareSites } from "../../lib/results/run_comparison.ts";
import { noiseAt, siteOf } from "../support/selectivity_sites.ts";

/** Two groups; features 0 and 1 tell them apart, the others are noise; the last two may be slots. */
function run(
  { seed = 0, strength = 1, slots = 2, sae = "sae", persons, names }: {
    seed?: number;
    strength?: number;
    slots?: number;
    sae?: string;
    persons?: number;
    names?: string[];
  } = {},
) {
  const selectivity = siteOf({
    groups: 2,
    features: 6,
    persons: persons ?? 40,
    ...(names !== undefined && { personNames: names }),
    value: (feature, group, person) =>
      (feature === group || feature - 4 === group ? strength : 0) +
      noiseAt(feature, group, person, seed),
  });
  return { selectivity, freeCount: 6 - slots, sae };
}

Deno.test("a run compared with itself differs by nothing, and the interval holds that", () => {
  for (const what of ["slots", "features"] as const) {
    for (
      const { difference, interval } of compareSites(
        run({ strength: 0.3 }),
        run({ strength: 0.3 }),
        what,
      )!.slice(0, 2)
    ) {
      // Features of one SAE are chosen on persons who are left out of both runs: nothing changes.
      assert.equal(difference, 0);
      assert(interval![0] <= 0 && interval![1] >= 0);
    }
  }
});

Deno.test("where one run is weaker, the difference is negative and its interval below 0", () => {
  const [first, second, mean] = compareSites(
    run({ strength: 0.9 }),
    run({ strength: 0.1, seed: 5 }),
    "slots",
  )!;
  for (const pair of [first!, second!, mean!]) {
    assert(pair.difference! < -0.2, String(pair.difference));
    assert(pair.interval![1] < 0);
    assert.equal(pair.difference, pair.b.auroc! - pair.a.auroc!);
  }
  assert.equal(mean!.relation, null);
  const average = (first!.difference! + second!.difference!) / 2;
  assert(Math.abs(mean!.difference! - average) < 1e-12);
});

Deno.test("a relation that is told apart without any error leaves the mean as unsure as it is itself", () => {
  const [first, second, mean] = compareSites(
    run({ strength: 100 }),
    run({ strength: 0.3, seed: 5 }),
    "slots",
  )!;
  assert.deepEqual([first!.a.auroc, second!.a.auroc, mean!.a.auroc], [1, 1, 1]);
  const lower = (first!.a.interval![0] + second!.a.interval![0]) / 2;
  assert(lower < 0.95, String(lower)); // Wilson's, of 40 persons
  assert.equal(mean!.a.interval![0], lower);
});

Deno.test("slots are those of the relation, and features are never slots", () => {
  const slots = compareSites(run(), run(), "slots")!;
  assert.deepEqual(slots.map(({ a }) => a.feature), [4, 5, null]);
  const features = compareSites(run(), run(), "features")!;
  assert.deepEqual(features.map(({ a }) => a.feature), [0, 1, null]);
});

Deno.test("a run without slots is compared by one chosen feature of each relation", () => {
  const pairs = compareSites(run(), run({ slots: 0, sae: "other" }), "slots")!;
  assert.deepEqual(pairs.map(({ a }) => a.feature), [4, 5, null]);
  for (const [i, { b }] of pairs.slice(0, 2).entries()) {
    assert(b.feature === i || b.feature === i + 4, "either of the two that tell it apart");
  }
  assert.equal(compareSites(run({ slots: 0 }), run({ slots: 0 }), "slots"), undefined);
});

Deno.test("relations go by their keys, in whichever order the runs have them", () => {
  const second = run();
  const { record } = second.selectivity;
  const swapped = record.groups.toReversed();
  const renamed = {
    ...second,
    selectivity: {
      ...second.selectivity,
      record: {
        ...record,
        groups: record.groups.map((group, i) => ({ ...group, key: swapped[i]!.key })),
      },
    },
  };
  const pairs = compareSites(run(), renamed, "slots")!;
  assert.deepEqual(pairs.map(({ a }) => a.feature), [4, 5, null]);
  assert.deepEqual(pairs.map(({ b }) => b.feature), [5, 4, null]);
});

Deno.test("persons who are in both runs make the interval narrower", () => {
  const same = compareSites(run({ strength: 0.4 }), run({ strength: 0.3 }), "slots")![0]!;
  const names = Array.from({ length: 40 }, (_, i) => `other ${i}`);
  const others = compareSites(run({ strength: 0.4 }), run({ strength: 0.3, names }), "slots")![0]!;
  const width = ([low, high]: readonly [number, number]) => high - low;
  assert(width(same.interval!) < 0.8 * width(others.interval!));
  assert.equal(same.difference, others.difference);
});

Deno.test("with few persons there is a difference and no interval", () => {
  const few = { persons: 8 };
  const [pair] = compareSites(run(few), run({ ...few, strength: 0.5 }), "slots")!;
  assert(pair!.difference !== null && pair!.interval === null);
});

Deno.test("the notes say who was asked, what was chosen, and which wordings", () => {
  const notes = (b: ReturnType<typeof run>, shared: number | null) =>
    Object.values(comparisonNotes(run(), b, { a: 40, b: 40, shared })).flat().join(" ");
  assert.match(notes(run(), 40), /the same 40 persons: differences are paired/);
  assert.match(notes(run(), 0), /different persons, 40 and 40; no person is in both/);
  assert.match(notes(run(), 7), /7 persons are in both/);
  assert.match(notes(run(), null), /nobody can be known again/);
  assert.match(notes(run(), 40), /the SAEs are the same/);
  assert.match(notes(run({ sae: "other", slots: 0 }), 40), /Run B has no slots.*for itself/);
});

Deno.test("the text has a table for the mean and one for the relations, and says which is better", () => {
  const pairs = {
    slots: compareSites(run({ strength: 0.9 }), run({ strength: 0.1, seed: 5 }), "slots")!,
  };
  const text = comparisonText({
    directories: ["first", "second"],
    labels: new Map([["relation_0", "A | B"], ["relation_1", "C"]]),
    layers: [{ layer: 6, pairs }],
    notes: ["A note."],
  });
  assert.match(text, /A is `first`, B is `second`/);
  assert.match(
    text,
    /Of 2 differences that have an interval, 2 are below 0 as a whole \(A is better\)/,
  );
  assert.match(text, /differ most at layer 6: 0\.\d{3} \[/);
  assert.match(text, /\| layer 6 \| A \\\| B \| 4 \| /);
  assert(!text.includes("## Best features"));
  assert(!text.includes("control"));
});
