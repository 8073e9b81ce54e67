/** Which layer is recommended, where the truth is known. */
import assert from "node:assert/strict";
import { type MadeUp, noiseOf, type Question, syntheticSite } from "../support/synthetic_site.ts";
import { slots, textOf, verdictOn } from "../support/verdicts.ts";

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

Deno.test("a runner-up that is behind by less than is written is not said to have the same number", () => {
  const layer = (layer: number, own: number) =>
    syntheticSite({ ...slots(own, 0.3), persons: 40, layer });
  const said = (second: number) => textOf(verdictOn(layer(1, 1.5), layer(2, second)));
  const text = said(1.4999);
  const [, best, next] = /largest at layer \d, (\S+); .*\n\nThe runner-up .* with (\S+), /.exec(
    text,
  )!;
  assert.equal(next, best);
  assert.match(text, /^The runner-up on the choosing half is layer \d with \S+, a little less\. /m);
  assert.doesNotMatch(said(1.3), /a little less/);
});

Deno.test("a layer is not recommended where the other half shows nothing there, or the contrary", () => {
  const made = (layer: number, own: number): MadeUp => ({
    persons: 40,
    layer,
    slot: ({ relation, person, wording }, k) =>
      (k === relation ? own : 0.4) + noiseOf(layer, relation, person, wording, k),
  });
  const of = (own: number) =>
    verdictOn(...[1, 2, 3].map((layer) => syntheticSite(made(layer, own))));
  const [swapped, useless, good] = [0.1, 0.4, 0.9].map(of);
  assert.match(
    swapped!.layer.reason!,
    /^on the estimating half, the own slot's mean is below that/,
  );
  assert.match(
    useless!.layer.reason!,
    /^on the estimating half, nothing shows that the own slot's/,
  );
  assert.equal(good!.layer.reason, null);
  const text = textOf(useless!);
  assert.match(
    text,
    /^No layer is recommended: on the estimating half, nothing shows .*\. Layers are/m,
  );
  assert.match(text, /^- Layer: none is recommended \(on the estimating half, /m);
  assert.match(text, /^Layer \d, the first by the choosing half of 3 layers:$/m);
  assert.doesNotMatch(text, /is recommended\.?\*\*|the one that is recommended/);
});

Deno.test("without slots, a layer is not recommended whose best features are not above chance", () => {
  const made = (layer: number, gain: number) =>
    syntheticSite({
      persons: 40,
      layer,
      free: [0, 1, 2].map((own) => ({ relation, person, wording }) =>
        0.2 + noiseOf(own, layer, relation, person, wording, 4) + (relation === own ? gain : 0)
      ),
    });
  const of = (gain: number) => verdictOn(made(1, gain), made(2, gain)).layer.reason;
  assert.match(of(0)!, /^on the estimating half, nothing shows that the best free features tell/);
  assert.equal(of(0.4), null);
});
