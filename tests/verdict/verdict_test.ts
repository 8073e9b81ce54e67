/** What a verdict concludes of features and their nulls, from sites of which the truth is known. */
import assert from "node:assert/strict";
import type { Verdict } from "../../lib/verdict/verdict.ts";
import { verdictRecord } from "../../lib/verdict/verdict_files.ts";
import { type MadeUp, noiseOf, type Question, syntheticSite } from "../support/synthetic_site.ts";
import { slots, textOf, verdictOn } from "../support/verdicts.ts";

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
  assert.match(textOf(verdict), /\| 0: 1\.00, 1: 0\.\d\d \(do not agree\) \|/);
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

Deno.test("where persons have more questions about one relation, permuted labels and lists are said to mislead", () => {
  const mislead = [
    /here they do not, and features that know nothing of the relations can come farther in more\./,
    /which permuted names mix: lists can lie outside though names mean nothing\./,
  ];
  const unequal = syntheticSite({
    persons: 60,
    isAsked: ({ relation, wording }) => relation === 0 || wording === 0,
  });
  for (const words of mislead) {
    assert.match(textOf(verdictOn(unequal)), words);
    assert.doesNotMatch(textOf(verdictOn(syntheticSite({ persons: 60 }))), words);
  }
});

Deno.test("where as many persons have more about one relation as about another, only features of some persons mislead", () => {
  const text = textOf(verdictOn(syntheticSite({
    persons: 60,
    isAsked: ({ relation, person, wording }) => relation === person % 3 || wording === 0,
  })));
  assert.match(
    text,
    /here they do not, and features that are active more often in persons with more questions about one of them can come/,
  );
  assert.doesNotMatch(text, /which permuted names mix/);
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
  assert.equal(sharing.tied, undefined);
  assert.deepEqual([sharing.permuted!.low, sharing.permuted!.high], [50, 50]);
  assert(Math.abs(sharing.blind! - 50 * 50 / 60) < 1e-12);
});

Deno.test("where a list ends among equal means, it is said that others would do as well", () => {
  // All of 60 features are 1 wherever a relation is asked about, but for the last ten in the first relation.
  const free = Array.from(
    { length: 60 },
    (_, k) => ({ relation }: { relation: number }) => Number(relation > 0 || k < 50),
  );
  const verdict = verdictOn(syntheticSite({ persons: 20, free }));
  const { shared, tied } = verdict.sites[0]!.sharing;
  assert.deepEqual([shared, tied], [50, 2]);
  assert.match(
    textOf(verdict),
    /^- Sharing: .* Lists end among features of the same mean, of which the first are listed\.$/m,
  );
  assert.match(
    textOf(verdict),
    /same mean as the last one on it at layer 1 for 2 of 3 relations: of equal ones those with the lowest/,
  );
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
    /Of the 3 pairs of relations at layer 1, \d shares? fewer than the range/,
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
  assert.match(
    textOf(many),
    /^Both halves have the same wordings: what is chosen may owe something/m,
  );
  assert.doesNotMatch(textOf(few), /Both halves have the same wordings/);
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
