/** What is concluded of the slots, where the truth is known. */
import assert from "node:assert/strict";
import { type MadeUp, noiseOf, syntheticSite } from "../support/synthetic_site.ts";
import { slots, textOf, verdictOn } from "../support/verdicts.ts";

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

Deno.test("the guide's borders are not held against slots that are 1 or 0", () => {
  const at = (position?: string) => verdictOn({ ...syntheticSite(slots(0.3, 0.3)), position });
  const any = at("any");
  const { diagonalGrade, offDiagonalGrade } = any.sites[0]!.slots!;
  assert.deepEqual([diagonalGrade, offDiagonalGrade, any.slots!.ownGrade], [null, null, null]);
  assert.doesNotMatch(textOf(any), /a warning;|, a warning|, good|not clear;/);
  assert.match(
    textOf(any),
    /A slot is 1 or 0 here, .* nothing is called good or a warning by them/,
  );
  assert.match(textOf(any), /tokens \(any\): each is 1 where it is above 0/);
  assert.match(textOf(at("mean")), /, a warning;/);
  assert.match(textOf(at("mean")), /may not suit these, which are pooled over .* \(mean\)\./);
  assert.match(textOf(at("-2")), /may not suit these, which are read at the token -2\./);
  assert.doesNotMatch(textOf(at()), /may not suit|Features are/);
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

Deno.test("the mean over layers leaves the control out, at which no slot can work, and says so", () => {
  const byLength = ({ person }: { person: number }) => 0.1 + (person % 3) / 100;
  const control = syntheticSite({ persons: 40, layer: 0, slot: byLength, free: [byLength] });
  const other = syntheticSite({ ...slots(1.6, 0.3), layer: 6 });
  const verdict = verdictOn(control, other);
  const { layers, leftOut, own, diagonal } = verdict.slots!;
  assert.deepEqual([layers, leftOut, diagonal.warning], [1, ["layer 0"], 0]);
  assert.equal(own.value, verdict.sites[1]!.slots!.diagonal.value);
  assert.match(textOf(verdict), /mean over 1 layer without layer 0, which is the control, the own/);
  assert.match(textOf(verdict), /the slots are not told apart at 1 layer, without layer 0\./);
  assert.match(textOf(verdict), /- Layer 0: the own slot's mean is/);
  // Where there is nothing else, it is the control that is judged.
  const alone = verdictOn(control);
  assert.deepEqual([alone.slots!.layers, alone.slots!.leftOut], [1, []]);
  assert.match(textOf(alone), /In the mean over 1 layer, the own/);
});

Deno.test("silent slots count among the layers: what is never active sees nothing, and not the length", () => {
  const silent = syntheticSite({ persons: 40, layer: 3, slot: () => 0, free: [() => 0] });
  const verdict = verdictOn(silent, syntheticSite({ ...slots(1.6, 0.3), layer: 6 }));
  const { layers, leftOut, diagonal } = verdict.slots!;
  assert.deepEqual([layers, leftOut, diagonal.unclear], [2, [], 1]);
  assert.match(
    textOf(verdict),
    /Whether layer 3 sees the length alone cannot be told: no listed feature is ever active there/,
  );
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
