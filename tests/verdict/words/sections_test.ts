/** What a verdict says of cases that are not the common one. */
import assert from "node:assert/strict";
import {
  type MadeUp,
  noiseOf,
  type Question,
  syntheticSite,
} from "../../support/synthetic_site.ts";
import { textOf } from "../../support/verdict_text.ts";

Deno.test("it is said among what the names were permuted", () => {
  const site = syntheticSite({ persons: 44 });
  assert.match(textOf(site), /names were permuted within persons 99 times/);
  const { found } = site;
  const apart = Int32Array.from(
    found.questions,
    (value, i) => i % 5 === 1 ? value * 3 + found.questions[i - 1]! : value,
  );
  const byRelation = textOf({ ...site, found: { ...found, questions: apart } });
  assert.match(byRelation, /names were permuted among persons 99 times/);
  assert.match(byRelation, /199 permutations of the relations' names among persons/);
  const record = { ...found.record, persons: null };
  const unknown = textOf({ ...site, found: { ...found, record } });
  assert.match(unknown, /names were permuted among questions 99 times/);
  assert.match(unknown, /95 % intervals over questions/);
  assert.doesNotMatch(unknown, /(within|over) persons|persons that were kept back/);
});

Deno.test("a layer is not set in bold where no interval says anything of it", () => {
  const layers = (persons: number) =>
    textOf(...[1, 2].map((layer) => syntheticSite({ persons, layer })));
  assert.match(
    layers(7),
    /^Layer [12] is recommended for its number alone: there are no intervals\./m,
  );
  assert.match(
    layers(7),
    /^- Layer: layer [12] is recommended for its number alone: there are no/m,
  );
  assert.match(layers(44), /^\*\*Layer [12] is recommended\.\*\*/m);
});

Deno.test("the short answers begin with length where the control tells relations apart by it", () => {
  // Relation 0 has the middle length: the number of tokens does not tell it apart, a feature may.
  const tokens: MadeUp["tokens"] = ({ relation, person }) =>
    relation === 0 ? 10 : person % 4 < 2 ? 9 : 11;
  const slot = (question: Question, own: number) => Number(own === 0 && tokens!(question) === 10);
  const blind = (layer: number) =>
    syntheticSite({ persons: 40, tokens, slot, free: [(each) => slot(each, 0)], layer });
  const [, short = ""] = textOf(blind(0)).split(/^## /m);
  const [, first] = short.split(/^- /m);
  assert.match(
    first!,
    /^Length: \*\*at layer 0, where only the length is seen, .* for r0\*\*: what other layers show is to be held against that\.$/m,
  );
});

Deno.test("where a half lacks a relation, no feature is said to be missing", () => {
  // Persons with even numbers choose: of relation 2 they are asked nothing, or the others nothing.
  for (const half of [0, 1]) {
    const site = syntheticSite({
      persons: 40,
      isAsked: ({ relation, person }) => relation !== 2 || person % 2 === half,
    });
    const text = textOf(site);
    assert.match(
      text,
      /^No layer is recommended: a relation has no question in one of the halves\./m,
    );
    assert.doesNotMatch(text, /is higher for/);
    assert.match(
      text,
      /^The best free features are not taken together: a relation has no question in one of the halves\.$/m,
    );
    assert.match(
      text,
      /^Of the neurons nothing can be said: a relation has no question in one of the halves\.$/m,
    );
  }
  // Where persons with even numbers are asked about one relation alone, there is nothing to choose by.
  const alone = syntheticSite({
    persons: 40,
    isAsked: ({ relation, person }) => relation === 0 || person % 2 === 1,
  });
  assert.match(
    textOf(alone),
    /^Not known: no other relation has a question in the choosing half\.$/m,
  );
});

Deno.test("of one relation nothing is said to be compared, and no reason is beside the point", () => {
  const text = textOf(syntheticSite({ persons: 20, relations: 1, slot: () => 1 }));
  assert.match(text, /There is one group only: 0 tests were made/);
  assert.match(text, /There is one group only: its name cannot be permuted/);
  assert.doesNotMatch(text, /compared with all others|no question in this half|do not need an SAE/);
  assert.match(text, /there is no probe: there is one group only\./);
  assert.match(text, /^Wordings that were not seen: not known \(there is one group only\)\.$/m);
});

Deno.test("a layer that is behind the runner-up on the other half is not said to be ahead", () => {
  // By the persons of the choosing half, layer 1 is better; by the others, layer 2.
  const layers = [1, 2].map((layer) =>
    syntheticSite({
      persons: 40,
      layer,
      slot: ({ relation, person, wording }, k) =>
        (k === relation ? 1 : 0.2) + (k === relation && (person + layer) % 2 === 1 ? 0.3 : 0) +
        0.01 * noiseOf(layer, relation, person, wording, k),
    })
  );
  const text = textOf(...layers);
  assert.match(
    text,
    /layer 1 less layer 2, the runner-up, is -0\.\d+ \[.*\]: layer 2 is ahead there/,
  );
  assert.doesNotMatch(text, /layer 1 is ahead|Of the 1 layer/);
});

Deno.test("a change of the gap without an interval is not said to hold 0", () => {
  const layers = (persons: number) =>
    textOf(...[1, 2, 3].map((layer) =>
      syntheticSite({
        persons,
        layer,
        slot: ({ relation, person, noise }, k) =>
          Number(relation === k) + noise + noiseOf(layer, relation, person, k),
      })
    ));
  assert.match(layers(9), /layers the gap changes by \S+ \(no interval: [^,]*\)\.$/m);
  assert.match(layers(44), /layers the gap changes by \S+ \[[^\]]*\], which holds 0\.$/m);
});

Deno.test("where a relation seems to differ in length, it is said how many would by chance", () => {
  const tokens: MadeUp["tokens"] = ({ relation, person }) =>
    relation === 0 && person % 6 === 0 ? 12 : 9 + person % 3;
  const text = textOf(syntheticSite({ persons: 60, tokens }));
  assert.match(
    text,
    /do not hold ½ for r0 .* Of the intervals in the table, fewer than 1 would not hold ½/,
  );
});

Deno.test("AUROCs that are written alike are not said to differ", () => {
  // One question of 400 is longer than all others, which changes the pairs a little.
  const tokens: MadeUp["tokens"] = ({ relation, person }) =>
    relation === 0 && person === 11 ? 10 : 9;
  const free = [0, 1].map((own) => ({ relation, noise }: Question) =>
    noise + (relation === own ? 0.4 : 0)
  );
  const text = textOf(syntheticSite({ persons: 200, relations: 2, wordings: 1, free, tokens }));
  assert.match(
    text,
    /^Among pairs .* is, to three digits, the same as over all pairs at layer 1, /m,
  );
});

Deno.test("without slots, the guide is named where its expectations begin", () => {
  const text = textOf(...[1, 2, 3].map((layer) => syntheticSite({ persons: 20, layer })));
  assert.match(
    text,
    /The guide to AlignSAE's analysis expects many active features in early layers/,
  );
});

Deno.test("discoveries are said to need no SAE only where there are some without it", () => {
  const site = syntheticSite({ persons: 40 });
  assert.match(textOf(site), /do not need an SAE/);
  const { nulls } = site.found;
  const sets = nulls!.record.sets.map((set) =>
    set.name === "sae" ? set : { ...set, discoveries: 0 }
  );
  const found = { ...site.found, nulls: { ...nulls!, record: { ...nulls!.record, sets } } };
  const text = textOf({ ...site, found });
  assert.match(text, /0\.0 % for the random encoder \(0 of \d+ tests\)/);
  assert.doesNotMatch(text, /do not need an SAE/);
});

Deno.test("of a layer that was analysed alone, it is said that it is the only one", () => {
  const layer = (layer: number) => syntheticSite({ persons: 20, layer });
  assert.match(textOf(layer(1)), /^Layer 1, the only one that was analysed:$/m);
  assert.match(
    textOf(layer(1), layer(2)),
    /^Layer [12], the one that is recommended of 2 layers:$/m,
  );
});

Deno.test("pairs of lists are counted where they are said to be, the control's left out", () => {
  const tokens: MadeUp["tokens"] = ({ relation, person }) => 9 + (relation + person) % 4;
  const layer = (layer: number, free?: MadeUp["free"]) =>
    syntheticSite({ persons: 40, tokens, layer, ...(free && { free }) });
  const blind = layer(0, [({ relation, person }) => (relation + person) % 4]);
  const three = textOf(blind, layer(1), layer(2));
  assert.match(three, /\d of the 6 pairs of lists at these layers shares? so many/);
  assert.doesNotMatch(three, /over all layers share/);
  assert.match(textOf(blind, layer(1)), /Of the 3 pairs of relations at layer 1, \d shares? fewer/);
  const pair = textOf(syntheticSite({ persons: 40, relations: 2 }));
  assert.match(pair, /[01] of 1 pair of lists shares? so many/);
});

Deno.test("a control without discoveries is not said to have some", () => {
  const tokens: MadeUp["tokens"] = ({ relation, person }) => 9 + (relation + person) % 4;
  const free = [({ relation, person }: Question) => (relation + person) % 4];
  const blind = syntheticSite({ persons: 40, tokens, free, layer: 0 });
  assert.match(textOf(blind), /sees the length and nothing else\. It has 0 discoveries\.$/m);
});

Deno.test("it is said that discoveries are of slots, too, where a table is of free features", () => {
  const of = { persons: 40 };
  assert.match(textOf(syntheticSite(of)), /\| discoveries \(higher, lower\) \|/);
  const slot: MadeUp["slot"] = ({ relation, noise }, k) => noise + Number(k === relation);
  assert.match(
    textOf(syntheticSite({ ...of, slot })),
    /\| discoveries, slots among them \(higher, lower\) \|/,
  );
});

Deno.test("the criterion of the length is said where nothing meets it", () => {
  assert.match(
    textOf(syntheticSite({ persons: 40 })),
    /By the criterion, an AUROC of 0\.7 or more or of 0\.3 or less, the number of tokens tells no relation apart/,
  );
});

Deno.test("why no layer is recommended is said, and no layer is said to be missing that is there", () => {
  const layers = (made: Partial<MadeUp>) =>
    textOf(...[1, 2].map((layer) => syntheticSite({ persons: 40, layer, ...made })));
  assert.match(layers({ relations: 1 }), /^No layer is recommended: there is one group only\.$/m);
  assert.match(
    layers({ free: [({ person }) => person % 5] }),
    /^No layer is recommended: at fewer than two layers the best free features can be taken together: a relation has/m,
  );
  assert.match(
    textOf(syntheticSite({ persons: 40 })),
    /^No layer is recommended: there are not two layers to choose from\.$/m,
  );
});

Deno.test("lists of silent features are said to be empty or short", () => {
  const silent = textOf(syntheticSite({ persons: 20, free: [() => 0] }));
  assert.match(silent, /^0 free features have a mean above 0 in any relation: the lists/m);
  assert.doesNotMatch(silent, /^- Sharing|share so many|in that range/m);
  const short = textOf(syntheticSite({
    persons: 20,
    free: [({ noise }) => noise, ({ relation }) => Number(relation === 0), () => 0],
  }));
  assert.match(short, /are on no list, so that lists hold 1 to 2 features at layer 1\./);
});

Deno.test("what is found without the SAE is said also where the SAE finds nothing", () => {
  const text = textOf(syntheticSite({ persons: 40, free: [() => 0] }));
  assert.match(text, /^The best neurons have a mean AUROC of [^;]*; the SAE is not compared/m);
  assert.doesNotMatch(text, /layers that see more than length, the SAE is not compared/);
});

Deno.test("one person is said to be one", () => {
  assert.match(
    textOf(syntheticSite({ persons: 2 })),
    /Of 2 persons, 1 is in the estimating half\./,
  );
});

Deno.test("where persons are not known, no reason speaks of them", () => {
  const site = syntheticSite({
    persons: 3,
    slot: ({ relation, noise }, k) => noise + Number(relation === k),
  });
  const record = { ...site.found.record, persons: null };
  const text = textOf({ ...site, found: { ...site.found, record } });
  assert.match(text, /no interval: fewer than 10 questions \(\d+\)/);
  assert.doesNotMatch(text, /fewer than 10 persons|no person changes|all persons have/);
});
