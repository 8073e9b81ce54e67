/** What is concluded of the length of the questions, where the truth is known. */
import assert from "node:assert/strict";
import { sectionsOf } from "../../lib/verdict/words/sections.ts";
import { type MadeUp, type Question, syntheticSite } from "../support/synthetic_site.ts";
import { textOf, verdictOn } from "../support/verdicts.ts";

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

Deno.test("where features cannot tell, what prompts are made of says whether a layer is the control", () => {
  const silent = syntheticSite({ persons: 40, layer: 0, free: [() => 0] });
  const seen = (isControl: boolean, site = silent) =>
    verdictOn({ ...site, isControl }).sites[0]!.seesLengthOnly;
  assert.equal(seen(false), null);
  assert.equal(seen(true), true); // as compare and the picture of emergence say
  assert.equal(seen(true, syntheticSite({ persons: 40, layer: 0 })), false);
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
