import assert from "node:assert/strict";
import { wordingNotes } from "../../lib/comparison/comparison_notes.ts";
import { comparisonText } from "../../lib/comparison/comparison_text.ts";
import { compareSites } from "../../lib/comparison/run_comparison.ts";
import { estimateAuroc } from "../../lib/stats/estimated_auroc.ts";
import { DRIFTING, run } from "../support/compared_runs.ts";
import { noiseAt, siteOf } from "../support/selectivity_sites.ts";

const width = ([low, high]: readonly [number, number]) => high - low;

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
  assert(width(same.interval!) < 0.8 * width(others.interval!));
  assert.equal(same.difference, others.difference);
});

Deno.test("with few persons there is a difference and no interval", () => {
  const few = { persons: 8 };
  const [pair] = compareSites(run(few), run({ ...few, strength: 0.5 }), "slots")!;
  assert(pair!.difference !== null && pair!.interval === null);
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
  assert.match(text, /the runs differ at layer 6: 0\.\d{3} \[/);
  assert.match(text, /\| layer 6 \| A \\\| B \| 4 \| /);
  assert(!text.includes("## Best features"));
  assert(!text.includes("control"));
});

Deno.test("one difference alone is spoken of in the singular", () => {
  const slots = compareSites(run({ strength: 0.9 }), run({ strength: 0.1, seed: 5 }), "slots")!
    .map((pair, i) => i === 0 ? pair : { ...pair, interval: null });
  const how = { directories: ["first", "second"] as const, labels: new Map(), notes: [] };
  assert.match(
    comparisonText({ ...how, layers: [{ layer: 6, pairs: { slots } }] }),
    /Of 1 difference that has an interval, 1 is below 0 as a whole/,
  );
});

Deno.test("differences of the layer that sees only lengths are in the table, and are not counted", () => {
  const pairs = {
    slots: compareSites(run({ strength: 0.9 }), run({ strength: 0.1, seed: 5 }), "slots")!,
  };
  const textOf = (...layers: number[]) =>
    comparisonText({
      directories: ["first", "second"],
      labels: new Map(),
      layers: layers.map((layer) => ({ layer, pairs })),
      notes: [],
      controls: [0],
    });
  const both = textOf(0, 6);
  assert.match(
    both,
    /Of 2 differences .* the runs differ at layer 6.* Layer 0 is not counted here/,
  );
  assert.match(both, /\| layer 0 \| relation_0 /);
  assert.match(textOf(0, 5, 6), /Of 4 differences .* the runs differ most at layer 5/);
  assert.match(textOf(0), /Of 2 differences .* the runs differ at layer 0/);
  const several = comparisonText({
    directories: ["first", "second"],
    labels: new Map(),
    layers: ["layer00_w8", "layer00_w16", 6].map((layer) => ({ layer, pairs })),
    notes: [],
    controls: ["layer00_w8", "layer00_w16"],
  });
  assert.match(several, /Pre 0 \(w8\) and pre 0 \(w16\) see only the length of a question/);
  assert.match(several, /Of 2 differences .* Pre 0 \(w8\) and pre 0 \(w16\) are not counted here/);
});

Deno.test("runs that do not differ are not said to differ most at a layer", () => {
  const pairs = { slots: compareSites(run(), run(), "slots")! };
  const text = comparisonText({
    directories: ["first", "second"],
    labels: new Map(),
    layers: [5, 6].map((layer) => ({ layer, pairs })),
    notes: [],
  });
  assert.match(text, /the runs do not differ at any layer\./);
  assert.doesNotMatch(text, /differ most/);
});

/** The same run, of which the wordings are not known. */
function withoutWordings({ selectivity, ...rest }: ReturnType<typeof run>) {
  return {
    ...rest,
    selectivity: { ...selectivity, record: { ...selectivity.record, wordings: null } },
  };
}

Deno.test("with ten wordings intervals are over persons and wordings, with nine over persons", () => {
  const pair = (wordings: number) => {
    const [first, second] = [0.4, 0.3].map((strength) => run({ ...DRIFTING, wordings, strength }));
    return compareSites(first!, second!, "slots")![0]!;
  };
  const areCrossed = (
    { isCrossed, a, b }: ReturnType<typeof pair>,
  ) => [isCrossed, a.isCrossed, b.isCrossed];
  assert.deepEqual(areCrossed(pair(9)), [false, false, false]);
  assert.deepEqual(areCrossed(pair(10)), [true, true, true]);

  const { activations, questions } = run({ ...DRIFTING, wordings: 10 }).selectivity;
  const field = (k: number) => Array.from({ length: 120 }, (_, i) => questions[5 * i + k]!);
  const expected = estimateAuroc([...activations.subarray(4 * 120, 5 * 120)], {
    inGroup: field(0).map((group) => group === 0),
    persons: field(1),
    wordings: field(2).map((wording, i) => wording + 10 * field(0)[i]!),
  });
  assert.deepEqual(pair(10).a.interval, expected.interval);
});

Deno.test("where wordings matter, intervals over them are wider, those of the mean among them", () => {
  const [first, second] = [1, 2].map((seed) => run({ ...DRIFTING, wordings: 10, seed }));
  const over = compareSites(first!, second!, "slots")!;
  const alone = compareSites(withoutWordings(first!), withoutWordings(second!), "slots")!;
  for (const [k, crossed] of over.entries()) {
    for (const side of ["a", "b"] as const) {
      assert.equal(crossed[side].auroc, alone[k]![side].auroc);
      assert(width(crossed[side].interval!) > 1.2 * width(alone[k]![side].interval!));
    }
    assert(crossed.isCrossed && !alone[k]!.isCrossed);
    assert(width(crossed.interval!) > 1.2 * width(alone[k]!.interval!));
  }
});

Deno.test("wordings of the same question file are the same, and what they do to both runs is no difference", () => {
  const of = (questionFile?: string) =>
    run({ ...DRIFTING, wordings: 10, seed: 3, ...(questionFile && { questionFile }) });
  const pair = (a?: string, b?: string) => compareSites(of(a), of(b), "slots")![0]!;
  assert(width(pair("x", "x").interval!) < 0.3 * width(pair("x", "y").interval!));
  assert.deepEqual(pair(undefined, undefined).interval, pair("x", "y").interval);
});

Deno.test("a difference of which one run has nine wordings holds for these wordings", () => {
  const [nine, ten] = [9, 10].map((wordings) => run({ ...DRIFTING, wordings, seed: wordings }));
  const pairs = compareSites(nine!, ten!, "slots")!;
  assert.deepEqual(pairs.map(({ a, b, isCrossed }) => [a.isCrossed, b.isCrossed, isCrossed]), [
    [false, true, false],
    [false, true, false],
    [false, true, false],
  ]);
  const text = comparisonText({
    directories: ["a", "b"],
    labels: new Map(),
    layers: [{ layer: 6, pairs: { slots: pairs } }],
    notes: wordingNotes({ counts: [9, 10], areSame: false, units: "persons" }, pairs),
  });
  assert.match(
    text,
    /the others are over persons and hold for these wordings alone\..*\n- An asterisk marks/,
  );
  const [row] = /\| layer 6 \| relation_0 .*/.exec(text)!;
  assert.match(row, /\| 4 \| 0\.\d+ \[[^\]]+\]\* \| 4 \| 0\.\d+ \[[^\]]+\] \| .* to .\d\.\d+\* \|/);
  assert.match(row, /\((do not )?agree\) \| 0\.\d\d to 0\.\d\d \(10, (agree|do not agree)\) \|$/);
});

Deno.test("a reason stands where a number or an interval does not", () => {
  const few = compareSites(run({ persons: 8 }), run({ persons: 8 }), "slots")!;
  assert.match(few[0]!.reason!, /fewer than 10 persons \(8\)/);
  assert.match(few[2]!.reason!, /of one relation there is none: fewer than 10 persons/);
  const sure = compareSites(run(), run(), "slots")!;
  assert.deepEqual(sure.map(({ reason }) => reason), [null, null, null]);
});

Deno.test("in the place of slots stands another feature for each relation", () => {
  // Feature 0 is the best of both relations.
  const selectivity = siteOf({
    groups: 3,
    features: 4,
    persons: 40,
    value: (feature, group, person) =>
      [Number(group < 2), 0.05 * Number(group === 0), 0.05 * Number(group === 1), group][feature]! +
      0.5 * noiseAt(feature, group, person),
  });
  const free = { selectivity, freeCount: 4, sae: "free" };
  const slots = siteOf({ groups: 3, features: 4, persons: 40 });
  const pairs = compareSites({ selectivity: slots, freeCount: 1, sae: "slots" }, free, "slots")!;
  const chosen = pairs.slice(0, 3).map(({ b }) => b.feature);
  assert.equal(new Set(chosen).size, 3, String(chosen));
  assert(chosen.slice(0, 2).includes(0));
});

Deno.test("where the choosing half lacks a relation, no feature is said to be missing", () => {
  // Every second person is of the choosing half: there, nobody is asked about one relation.
  const lackingOne = (group: number, slots: number) => {
    const { selectivity, ...rest } = run({ slots, sae: `with ${slots}` });
    const { questions, activations, measures, record: { n_features } } = selectivity;
    const asked = [...Array(questions.length / 5).keys()];
    const kept = asked.filter((i) => questions[i * 5] !== group || questions[i * 5 + 4] !== 1);
    return {
      ...rest,
      selectivity: {
        ...selectivity,
        questions: Int32Array.from(kept.flatMap((i) => [...questions.subarray(i * 5, i * 5 + 5)])),
        activations: Float32Array.from(
          [...Array(n_features).keys()].flatMap((feature) =>
            kept.map((i) => activations[feature * asked.length + i]!)
          ),
        ),
        measures: { ...measures, auroc_choosing: measures.auroc_choosing.map(() => NaN) },
      },
    };
  };
  const own = "the relation has no question in the choosing half";
  const others = "no other relation has a question in the choosing half";
  const reasons = (what: "slots" | "features") =>
    compareSites(lackingOne(0, 2), lackingOne(0, 0), what)!.map(({ b }) => b.reason);
  for (const what of ["slots", "features"] as const) {
    assert.deepEqual(reasons(what), [own, others, `of one relation there is none: ${own}`]);
  }
});

Deno.test("without persons' names a chosen feature is estimated on the other half of both runs", () => {
  const nameless = () => {
    const { selectivity, ...rest } = run({ strength: 0.3 });
    const record = { ...selectivity.record, persons: null, person_names: null };
    return { ...rest, selectivity: { ...selectivity, record } };
  };
  const pairs = compareSites(nameless(), nameless(), "features")!;
  for (const { difference, interval } of pairs) {
    assert.equal(difference, 0);
    assert(interval![0] < 0 && interval![1] > 0); // nobody is paired
  }
});

Deno.test("of several layers, the one that differs most is said to be the largest of so many", () => {
  const pairs = (seed: number) => ({
    slots: compareSites(run({ strength: 0.9 }), run({ strength: 0.1, seed }), "slots")!,
  });
  const textOf = (...layers: number[]) =>
    comparisonText({
      directories: ["first", "second"],
      labels: new Map(),
      layers: layers.map((layer) => ({ layer, pairs: pairs(layer) })),
      notes: [],
    });
  assert.match(
    textOf(4, 5, 6),
    /\]\. It is the largest of 3, which luck favours: fewer than 1 of them would seem to be one if there were none\./,
  );
  assert.doesNotMatch(textOf(5), /luck/);
});
