/** What a verdict concludes from sites of which the truth is known. */
import assert from "node:assert/strict";
import { halvesOf, partOf, questionsOf } from "../../lib/verdict/questions.ts";
import type { Site } from "../../lib/verdict/site.ts";
import { findAt } from "../../lib/verdict/site_findings.ts";
import { conclude, type Verdict } from "../../lib/verdict/verdict.ts";
import { verdictRecord } from "../../lib/verdict/verdict_files.ts";
import { sectionsOf } from "../../lib/verdict/words/sections.ts";
import { markdownOf } from "../../lib/verdict/markdown.ts";
import { type MadeUp, noiseOf, type Question, syntheticSite } from "../support/synthetic_site.ts";

function verdictOn(...sites: readonly Site[]): Verdict {
  const questions = questionsOf(sites[0]!.found);
  const halves = halvesOf(questions);
  const asked = { questions, all: partOf(questions), halves, permutations: 99 };
  return conclude(sites.map((site) => findAt(site, asked)), asked, { tests: 0, notes: [] });
}

function textOf(verdict: Verdict): string {
  return markdownOf("Verdict", sectionsOf(verdict));
}

/** Slots of which the own one is so high, and the others so. */
function slots(own: number, others: number, persons = 40): MadeUp {
  const slot: MadeUp["slot"] = ({ relation, noise }, k) =>
    (k === relation ? own : others) + 0.04 * (noise - 0.5);
  return { persons, slot };
}

Deno.test("slots are graded by the guide's borders where the whole interval is beyond them", () => {
  const grades = (own: number, others: number) => {
    const { slots: found } = verdictOn(syntheticSite(slots(own, others))).sites[0]!;
    return [found!.diagonalGrade, found!.offDiagonalGrade];
  };
  assert.deepEqual(grades(1.5, 0.05), ["good", "unclear"]); // nobody has the others active
  assert.deepEqual(grades(1.5, 0.15), ["good", "between"]);
  assert.deepEqual(grades(0.7, 0.3), ["between", "warning"]);
  assert.deepEqual(grades(0.3, 0.3), ["warning", "warning"]);
  assert.equal(grades(1, 0.3)[0], "unclear");
});

Deno.test("where several slots are the largest, it is said that the first is taken", () => {
  const tied = verdictOn(syntheticSite({ persons: 12, slot: () => 1 }));
  const { bindingAccuracy, tied: count } = tied.sites[0]!.slots!;
  assert.deepEqual([bindingAccuracy.value, count], [1 / 3, 72]);
  assert.match(
    textOf(tied),
    /own one in 33\.3 % \[[^\]]*\] of the questions\. In 72 questions several slots are equal/,
  );
  const clear = verdictOn(syntheticSite(slots(1.5, 0.3)));
  assert.equal(clear.sites[0]!.slots!.tied, 0);
  assert.doesNotMatch(textOf(clear), /several slots are equal/);
});

Deno.test("an interval that ends beside a border of the guide's is not written as if it ended on it", () => {
  // The own slots vary by so little that the interval of 1.0003 is above 1.
  const made = (own: number, others: number): MadeUp => ({
    persons: 40,
    slot: ({ relation, noise }, k) => (k === relation ? own : others) + 0.0002 * (noise - 0.5),
  });
  const verdict = verdictOn(syntheticSite(made(1.0003, 0.1997)));
  assert.equal(verdict.sites[0]!.slots!.diagonalGrade, "good");
  assert.match(textOf(verdict), /own slot's mean is >1\.000 \[>1\.000, >1\.000\], good/);
  assert.match(
    textOf(verdict),
    /others is <0\.200 \[<0\.200, <0\.200\], neither good nor a warning/,
  );
});

Deno.test("the slots' means are those of the activations, and every question is bound rightly", () => {
  const { slots: found } = verdictOn(syntheticSite(slots(1.5, 0.3))).sites[0]!;
  assert(Math.abs(found!.diagonal.value! - 1.5) < 0.01);
  assert(Math.abs(found!.gap.value! - 1.2) < 1e-6);
  assert.equal(found!.bindingAccuracy.value, 1);
  assert(found!.bindingAccuracy.interval![0] > 0.8);
});

Deno.test("over the layers, the slots' means are graded as those of a layer are", () => {
  const sites = [[1.6, 0.3], [1.2, 0.5]].map(([own, others], k) =>
    syntheticSite({ ...slots(own!, others!), layer: k + 1 })
  );
  const { own, ownGrade, others, othersGrade, gap } = verdictOn(...sites).slots!;
  assert(Math.abs(own.value! - 1.4) < 0.01 && Math.abs(others.value! - 0.4) < 0.01);
  assert(Math.abs(own.value! - others.value! - gap.value!) < 1e-12);
  assert.deepEqual([ownGrade, othersGrade], ["good", "warning"]);
});

Deno.test("a layer is recommended by its gap, with the runner-up and the difference's interval", () => {
  const gaps = [0.2, 1.2, 0.9];
  const verdict = verdictOn(
    ...gaps.map((gap, layer) => syntheticSite({ ...slots(0.2 + gap, 0.2), layer })),
  );
  const [first, second] = verdict.layer.candidates;
  assert.deepEqual([first!.name, second!.name], ["layer 1", "layer 2"]);
  assert(Math.abs(second!.behind!.value! - 0.3) < 1e-6);
  assert.deepEqual(verdict.layer.notToldApart, []);
  assert.match(textOf(verdict), /\*\*Layer 1 is recommended\.\*\*/);
});

Deno.test("a mean over relations has no interval if fewer than ten persons are asked about one", () => {
  // Of one person, all that is unknown of the relation would be taken as known.
  const askedOf = (persons: number) => ({ relation, person }: Question) =>
    relation > 0 || person < persons;
  const made = (layer: number, persons: number) =>
    syntheticSite({ ...slots(layer, 0.3), layer, isAsked: askedOf(persons) });
  const [few, many] = [9, 20].map((persons) =>
    verdictOn(...[1, 2, 3].map((layer) => made(layer, persons)))
  );
  const reason = "of one relation there is none: fewer than 10 persons (9)";
  const { slots: found } = few!.sites[0]!;
  for (
    const each of [
      found!.diagonal,
      found!.offDiagonal,
      found!.gap,
      few!.slots!.own,
      few!.slots!.gap,
      few!.pattern.bands[0]!.gap,
      few!.pattern.growth!.toLate,
    ]
  ) {
    assert.deepEqual([each.interval, each.reason], [null, reason]);
  }
  assert.equal(found!.diagonalGrade, "unclear");
  assert(found!.byGroup[1]!.own.interval !== null);
  // Of the twenty, ten are in each half.
  assert(many!.layer.candidates.every(({ estimated }) => estimated.interval !== null));
  assert(many!.slots!.own.interval !== null);
  const half = verdictOn(made(1, 18), made(2, 18));
  assert(half.slots!.own.interval !== null);
  assert.deepEqual(half.layer.candidates.map(({ estimated }) => estimated.reason), [
    reason,
    reason,
  ]);
});

Deno.test("a layer's gap has no interval if fewer than ten of the estimating half have an own slot active", () => {
  // Persons with even numbers are the choosing half.
  const made = (layer: number, most: number): MadeUp => ({
    persons: 40,
    layer,
    slot: ({ relation, person, noise }, k) =>
      k === relation && (person % 2 === 0 || person < most) ? layer + noise : 0,
  });
  const estimated = (most: number) =>
    verdictOn(syntheticSite(made(1, most)), syntheticSite(made(2, most))).layer.candidates
      .flatMap(({ estimated, behind }) => behind === null ? [estimated] : [estimated, behind])
      .map(({ reason }) => reason);
  const reason = "fewer than 10 persons (9) have an activation above the threshold";
  assert.deepEqual(estimated(18), [reason, reason, reason]);
  assert.deepEqual(estimated(20), [null, null, null]);
});

Deno.test("layers that do the same are not told apart", () => {
  const noisy = (layer: number): MadeUp => ({
    persons: 40,
    layer,
    slot: ({ relation, person, wording }, k) =>
      Number(k === relation) + noiseOf(layer, relation, person, wording, k),
  });
  const verdict = verdictOn(syntheticSite(noisy(1)), syntheticSite(noisy(2)));
  assert.equal(verdict.layer.notToldApart.length, 1);
  assert.match(textOf(verdict), /the two are not told apart/);
});

Deno.test("of layers that are equal the first is recommended, and it is said that they are", () => {
  const made = [[1, 1.2], [2, 1.2], [3, 0.9]].map(([layer, own]) =>
    syntheticSite({
      persons: 40,
      layer: layer!,
      slot: ({ relation, person, wording }, k) =>
        (k === relation ? own! : 0.2) + 0.1 * noiseOf(relation, person, wording, k),
    })
  );
  const text = textOf(verdictOn(...made));
  assert.match(
    text,
    /^Layer 1 is recommended for its number alone: its difference from the runner-up has no interval\./m,
  );
  assert.match(
    text,
    /is layer 2 with (1\.\d+), the same number: of equal ones the first is taken\./,
  );
  assert.match(text, /1 is behind it \(layer 3\) and 1 is not compared/);
  assert.doesNotMatch(textOf(verdictOn(made[0]!, made[2]!)), /the same number/);
});

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

Deno.test("if length alone tells a relation apart, the verdict begins with it", () => {
  const long = syntheticSite({
    persons: 40,
    tokens: ({ relation, person }) => 9 + relation + person % 2,
  });
  const verdict = verdictOn(long);
  assert(verdict.length.some(({ tells }) => tells));
  assert.match(sectionsOf(verdict)[0]!.sentences[0]!, /Length alone tells 2 relations apart/);
  assert.equal(verdictOn(syntheticSite({ persons: 40 })).length.some(({ tells }) => tells), false);
});

Deno.test("length tells from an AUROC of exactly .7 on, or to .3, and what lies beside is not written as it", () => {
  // 10 questions of one relation, 10 of the other: one has more tokens in so many of the 100 pairs.
  const said = (pairs: number) => {
    const tokens: MadeUp["tokens"] = ({ relation, person }) =>
      relation === 1 ? 20 : person < pairs / 10 ? 30 : 10;
    const site = syntheticSite({ persons: 10, relations: 2, wordings: 1, tokens });
    const verdict = verdictOn(site);
    return [verdict.length[0]!.auroc.value, verdict.length.map(({ tells }) => tells)];
  };
  assert.deepEqual(said(70), [0.7, [true, true]]);
  assert.deepEqual(said(30), [0.3, [true, true]]);
  assert.deepEqual(said(60), [0.6, [false, false]]);
  // 2,999 of 10,000 pairs, and 7,001: it is written which side of .7 and .3 they are on.
  const near = syntheticSite({
    persons: 100,
    relations: 2,
    wordings: 1,
    tokens: ({ relation, person }) =>
      relation === 1 ? (person === 0 ? 25 : 20) : person < 69 ? 30 : person === 69 ? 22 : 10,
  });
  const verdict = verdictOn(near);
  assert.equal(verdict.length[0]!.auroc.value, 0.6999);
  assert.equal(verdict.length[0]!.tells, false);
  const text = textOf(verdict);
  assert.match(text, /tells no relation apart: .* (r0, <0\.700|r1, >0\.300) \[/);
  assert.match(text, /\| r0 \| <0\.700 \[.*\n\| r1 \| >0\.300 \[/);
});

Deno.test("a layer that sees the length alone is the control, and is not recommended", () => {
  const tokens: MadeUp["tokens"] = ({ relation, person }) => 9 + (relation + person) % 4;
  const blind = syntheticSite({
    persons: 40,
    tokens,
    layer: 0,
    free: [({ relation, person }) => (relation + person) % 4],
  });
  const verdict = verdictOn(blind, syntheticSite({ persons: 40, tokens, layer: 1 }));
  assert.deepEqual(verdict.sites.map(({ seesLengthOnly }) => seesLengthOnly), [true, false]);
  assert.deepEqual(verdict.layer.leftOut, ["layer 0"]);
  assert.match(textOf(verdict), /Layer 0 is the built-in control/);
});

Deno.test("where an activation tells more of the length than the number of tokens does, it is said", () => {
  // Relation 0 has the middle length: the number of tokens is as often above others as below.
  const tokens: MadeUp["tokens"] = ({ relation, person }) =>
    relation === 0 ? 10 : person % 4 < 2 ? 9 : 11;
  const slot = (question: Question, own: number) => Number(own === 0 && tokens!(question) === 10);
  const free = [(question: Question) => slot(question, 0)];
  const of = { persons: 40, tokens, slot, free };
  const text = textOf(verdictOn(syntheticSite({ ...of, layer: 0 })));
  assert.match(text, /the number of tokens tells no relation apart/);
  assert.match(text, /the AUROC of the slots there is .* for r0/);
  assert.match(text, /the length alone, used so, tells 1 relation apart/);
});

Deno.test("where no two questions are equally long, the length control has a reason and no number", () => {
  const tokens: MadeUp["tokens"] = ({ relation, person }) => 9 + 2 * person + relation % 2;
  const apart = verdictOn(syntheticSite({ persons: 20, relations: 2, tokens })).sites[0]!;
  for (const { auroc, matched, reason } of apart.lengthMatched) {
    assert(auroc !== null && matched === null);
    assert.match(reason!, /as long as/);
  }
  for (
    const { matched, reason } of verdictOn(syntheticSite({ persons: 20 })).sites[0]!.lengthMatched
  ) {
    assert(matched !== null && reason === null);
  }
});

Deno.test("the best free feature of each relation is found, and estimated on the other half", () => {
  const { encodings } = verdictOn(syntheticSite({ persons: 40 })).sites[0]!;
  encodings.forEach(({ best }, relation) => {
    assert.equal(best[0]!.feature, relation);
    assert(best[0]!.auroc.value! > 0.95 && best[0]!.auroc.interval![0] > 0.5);
  });
});

Deno.test("where relations are told apart equally well, none is said to be best, and equal pairs differ in nothing", () => {
  const free = (worst: number) =>
    [0, 1, 2].map((own) => ({ relation, person }: Question) =>
      Number(relation === own && (own < worst || person % 4 > 1))
    );
  const same = textOf(verdictOn(syntheticSite({ persons: 40, free: free(3) })));
  assert.match(same, /has the same AUROC for r0 \(feature 0, 1\.000 .*\), r1 .* and r2 /);
  assert.match(
    same,
    /equally long, the mean AUROC of .* is the same as over all pairs at layer 1, 1\.000\./,
  );
  const tied = textOf(verdictOn(syntheticSite({ persons: 40, free: free(2) })));
  assert.match(tied, /the highest AUROC for r0 \(.*\) and r1 \(.*\) and the lowest for r2 \(/);
});

Deno.test("the best features stand wording by wording, and it is said where these do not agree", () => {
  // The first wording of relation 0 is far above all others, the second a little below them.
  const free = [
    ({ relation, wording, noise }: { relation: number; wording: number; noise: number }) =>
      relation === 0 ? (wording === 0 ? 3 : 0.3) + 0.4 * noise : 0.3 + 0.8 * noise,
    ({ relation, noise }: { relation: number; noise: number }) => noise + (relation === 1 ? 2 : 0),
    ({ relation, noise }: { relation: number; noise: number }) => noise + (relation === 2 ? 2 : 0),
  ];
  const verdict = verdictOn(syntheticSite({ persons: 40, free }));
  const [first, second] = verdict.sites[0]!.encodings.map(({ best }) => best[0]!.byWording);
  assert.deepEqual(first!.each.map(({ wording }) => wording), ["0", "1"]);
  assert(first!.each[0]!.auroc === 1 && first!.each[1]!.auroc! < 0.5);
  assert.deepEqual([first!.doAgree, second!.doAgree], [false, true]);
  assert.match(textOf(verdict), /on the same side of ½ in all wordings of 2 of 3 relations/);
  assert.match(textOf(verdict), /\| 1\.00, 0\.\d\d \(do not agree\) \|/);
});

Deno.test("slots that know stand out against free features that do not", () => {
  const free = [0, 1, 2, 3].map(
    (k) => ({ relation, person, wording }: { relation: number; person: number; wording: number }) =>
      noiseOf(k, relation, person, wording) + (relation === k ? 0.3 : 0),
  );
  const { slotsAgainstFree } = verdictOn(syntheticSite({ ...slots(1, 0.2), free })).sites[0]!;
  const { slots: slot, free: other, difference } = slotsAgainstFree!.mean;
  assert.equal(slot.value, 1);
  assert(Math.abs(slot.value - other.value! - difference.value!) < 1e-12);
  assert(difference.interval![0] > 0);
  assert.equal(new Set(slotsAgainstFree!.byGroup.map(({ feature }) => feature)).size, 3);
});

Deno.test("permuted labels pass a feature that knows the relation, and none that is noise", () => {
  const noise =
    (k: number): NonNullable<MadeUp["free"]>[number] => ({ relation, person, wording }) =>
      noiseOf(k, relation, person, wording);
  const known = verdictOn(syntheticSite({ persons: 60 })).labels;
  const unknown = verdictOn(syntheticSite({ persons: 60, free: [noise(5), noise(6)] })).labels;
  assert(known.sites[0]!.passing > 0 && known.border! > 2 && known.border! < 6);
  assert.equal(unknown.sites[0]!.passing, 0);
});

Deno.test("lists with permuted names share what the truth makes them share", () => {
  // Ten features are always the strongest, whatever is asked.
  const free = Array.from(
    { length: 60 },
    (_, k) => ({ relation, person }: { relation: number; person: number }) =>
      (k < 50 ? 10 : 1) + 0.1 * noiseOf(k, relation, person),
  );
  const { sharing } = verdictOn(syntheticSite({ persons: 20, free })).sites[0]!;
  assert.equal(sharing.shared, 50);
  assert.deepEqual([sharing.permuted!.low, sharing.permuted!.high], [50, 50]);
  assert(Math.abs(sharing.blind! - 50 * 50 / 60) < 1e-12);
});

Deno.test("relations with features of their own share fewer than with permuted names", () => {
  const free = Array.from(
    { length: 180 },
    (_, k) => ({ relation, person }: { relation: number; person: number }) =>
      k % 3 === relation ? Number(noiseOf(k, person) < 0.5) : 0.1,
  );
  const { sharing } = verdictOn(syntheticSite({ persons: 20, free })).sites[0]!;
  assert(sharing.shared! < sharing.permuted!.low, JSON.stringify(sharing.permuted));
  for (const { shared, permuted } of sharing.pairs) {
    assert(shared < permuted!.mean && permuted!.low <= permuted!.mean);
    assert(permuted!.high - permuted!.low > sharing.permuted!.high - sharing.permuted!.low);
  }
  // 50 of 180 features on each list.
  const [low, high] = sharing.blindRange!;
  assert(low < 50 * 50 / 180 && high > 50 * 50 / 180 && high - low < 10);
  const text = textOf(verdictOn(syntheticSite({ persons: 20, free })));
  assert.match(text, /lists of the 50 free features with the highest means have /);
  const few = syntheticSite({ persons: 20, free: free.slice(0, 48), layer: 2 });
  assert.match(
    textOf(verdictOn(syntheticSite({ persons: 20, free }), few)),
    /lists of the 50 free features with the highest means \(at layer 2 of all 48\) have /,
  );
  assert.match(text, /the true lists share fewer features/);
  assert.match(
    text,
    /Of the 3 pairs of relations over these layers, \d share fewer than the range/,
  );
});

Deno.test("a random encoder that does as well, or better, is said to be a warning sign", () => {
  const known = ({ relation, noise }: { relation: number; noise: number }, group: number) =>
    noise + (relation === group ? 0.6 : 0);
  const blank = ({ noise }: { noise: number }, group: number) => noiseOf(group, noise * 2 ** 32);
  const nulls = (sae: typeof known, random: typeof known): NonNullable<MadeUp["nulls"]> => ({
    sae,
    random_encoder: random,
    neurons: blank,
    difference_of_means: ({ relation }, group) => Number(relation === group),
  });
  const said = (sae: typeof known, random: typeof known) => {
    const verdict = verdictOn(syntheticSite({ persons: 40, nulls: nulls(sae, random) }));
    const { lead } = verdict.sites[0]!.nulls!.find(({ name }) => name === "random_encoder")!;
    return [lead!, textOf(verdict)] as const;
  };
  const [better, praise] = said(known, blank);
  assert(better.interval![0] > 0);
  assert.match(praise, /training found more than random directions do/);
  const [worse, blame] = said(blank, known);
  assert(Math.abs(better.value! + worse.value!) < 1e-12);
  assert.match(blame, /finds more than this SAE, which is a warning sign/);
  const [, doubt] = said(known, known);
  assert.match(doubt, /warning sign|nothing can be said/);
});

Deno.test("results of an earlier version lack nulls, and the verdict says so", () => {
  const site = syntheticSite({ persons: 20 });
  const { nulls: _, ...found } = site.found;
  const verdict = verdictOn({ ...site, found });
  assert.match(textOf(verdict), /Not computed at layer 1, whose results are of an earlier version/);
  assert.equal((verdictRecord(verdict).not_computed as string[]).length, 1);
});

Deno.test("from ten wordings and persons on, intervals are over both, and are said to be", () => {
  // The wording moves the activation of the own slot, persons hardly do.
  const of = (wordings: number): MadeUp => ({
    persons: 20,
    wordings,
    slot: ({ relation, wording, noise }, k) =>
      (k === relation ? 1 + noiseOf(relation, wording) : 0.2) + 0.01 * noise,
  });
  const widthOf = ({ sites }: Verdict) => {
    const [low, high] = sites[0]!.slots!.diagonal.interval!;
    return high - low;
  };
  const [few, many] = [verdictOn(syntheticSite(of(9))), verdictOn(syntheticSite(of(10)))];
  assert(widthOf(many) > 20 * widthOf(few), `${widthOf(many)} ${widthOf(few)}`);
  assert.match(
    textOf(few),
    /intervals over persons, each for itself; they hold for these wordings/,
  );
  assert.match(textOf(many), /intervals over persons and wordings, each for itself/);
});

Deno.test("probes name the relations of persons and wordings that were kept back", () => {
  const { probes } = verdictOn(syntheticSite({ persons: 40 })).sites[0]!;
  assert.deepEqual(probes.map(({ features }) => features), [1, 2, 5]);
  for (const { persons, wordings } of probes) {
    assert(persons.value! > 0.95 && wordings.value! > 0.95);
  }
});

Deno.test("wordings that are kept back have no part in the choice of a probe's features", () => {
  // Fifty-two features know the relation a little in both wordings; two know it in one of them alone.
  const knowing =
    (k: number, known: (wording: number) => number): NonNullable<MadeUp["free"]>[number] =>
    ({ relation, person, wording }) =>
      noiseOf(k, relation, person, wording) + relation * known(wording);
  const free = [
    ...Array.from({ length: 52 }, (_, k) => knowing(k, () => 0.45)),
    ...[0, 1].map((only) => knowing(60 + only, (wording) => Number(wording === only))),
  ];
  const site = syntheticSite({ persons: 60, relations: 2, wordings: 2, free });
  const [one] = verdictOn(site).sites[0]!.probes;
  // Of one wording, the feature that knows it is the best there is; in the other it knows nothing.
  assert(one!.wordings.value! < 0.65, String(one!.wordings.value));
  assert(one!.persons.value! > 0.75);
});

const FEW: readonly [name: string, made: MadeUp][] = [
  ["one person", { ...slots(1, 0.2, 1) }],
  ["nine persons", { ...slots(1, 0.2, 9) }],
  ["two persons and one wording", { ...slots(1, 0.2, 2), wordings: 1 }],
  ["one relation", { ...slots(1, 0.2, 20), relations: 1 }],
  ["features that never change", { persons: 20, free: [() => 1, () => 0], slot: () => 0.5 }],
  ["features that are silent", { persons: 20, free: [() => 0], slot: () => 0 }],
  ["no slots and no persons to speak of", { persons: 3 }],
];

for (const [name, made] of FEW) {
  Deno.test(`of ${name} there are numbers or reasons, never NaN or undefined`, () => {
    const verdict = verdictOn(syntheticSite(made));
    const text = textOf(verdict);
    assert.doesNotMatch(text, /NaN|undefined|null|Infinity|\[object/);
    const record = JSON.stringify(verdictRecord(verdict), (_, value) => {
      if (value?.interval === null) assert(typeof value.reason === "string", JSON.stringify(value));
      return value;
    });
    assert.doesNotMatch(record, /NaN/);
    if ((made.persons ?? 0) < 10) assert.doesNotMatch(record, /"interval":\[/);
  });
}

Deno.test("a relation whose features all stand for others is not said to have none", () => {
  // One feature is higher for both of two relations.
  const site = syntheticSite({
    persons: 40,
    slot: ({ relation }, k) => Number(relation === k),
    free: [({ relation, noise }) => noise + (relation === 0 ? 0 : 1)],
  });
  const { byGroup, mean } = verdictOn(site).sites[0]!.slotsAgainstFree!;
  const taken = "every listed free feature that is higher for the relation stands for another";
  assert.deepEqual(byGroup.map(({ feature }) => feature).toSorted(), [0, null, null]);
  const reasons = byGroup.filter(({ feature }) => feature === null).map(({ free }) => free.reason);
  assert.deepEqual(reasons, ["no listed free feature is higher for the relation", taken]);
  assert.equal(mean.difference.value, null);
});

Deno.test("one slot is compared with no others: it has no gap, and no layer is recommended for it", () => {
  const sites = [1, 2].map((layer) =>
    syntheticSite({ persons: 40, relations: 1, layer, slot: ({ noise }) => layer + noise })
  );
  const { slots, sites: found, layer } = verdictOn(...sites);
  assert.deepEqual(found.map(({ slots }) => slots!.gap.value), [null, null]);
  assert.equal(slots!.gap.value, null);
  assert(slots!.own.interval![0] > 1);
  assert.deepEqual(layer.candidates, []);
});
