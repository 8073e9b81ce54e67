/** What a verdict says of where relations emerge. */
import assert from "node:assert/strict";
import { type MadeUp, type Question, syntheticSite } from "../../support/synthetic_site.ts";
import { textOf } from "../../support/verdict_text.ts";

Deno.test("a relation that emerges at no layer is named after those that do", () => {
  const slot: MadeUp["slot"] = ({ relation, noise }, k) => noise + Number(k < 2 && k === relation);
  const text = textOf(syntheticSite({ persons: 40, slot }));
  assert.match(text, /lies above ½ is layer 1 for r0 and r1\. There is none for r2\./);
  const site = syntheticSite({ persons: 40, slot });
  const { record } = site.found;
  const groups = record.groups.map((each) => ({
    ...each,
    key: each.key.replace("r1", "study, work"),
  }));
  const named = textOf({ ...site, found: { ...site.found, record: { ...record, groups } } });
  assert.match(named, /lies above ½ is layer 1 for r0 and “study, work”\. There is none for r2\./);
  const none = textOf(syntheticSite({ persons: 40, slot: ({ noise }) => noise }));
  assert.match(none, /There is no layer at which .* lies above ½, for r0, r1 and r2\./);
});

Deno.test("where relations emerge, it is said how many would seem to by chance", () => {
  const at = (layers: number) =>
    textOf(
      ...Array.from({ length: layers }, (_, k) => syntheticSite({ persons: 20, layer: k + 1 })),
    );
  assert.match(
    at(1),
    /\. Of the intervals in the table, fewer than 1 would lie above ½ if no relation were told apart/,
  );
  assert.match(
    at(20),
    /\. Of the intervals in the table, about 2 would lie above ½ if no relation/,
  );
  const tokens: MadeUp["tokens"] = ({ relation, person }) => 9 + (relation + person) % 4;
  const free = [({ relation, person }: Question) => (relation + person) % 4];
  const blind = syntheticSite({ persons: 40, tokens, layer: 0, free, slot: free[0] });
  const sees = syntheticSite({
    persons: 40,
    tokens,
    slot: (each, k) => Number(each.relation === k),
  });
  assert.match(
    textOf(blind, sees),
    /The differences there are r0 .*\. Of all such differences, fewer than 1 would have an interval above 0/,
  );
});

Deno.test("a relation without intervals is not said to emerge nowhere", () => {
  // Feature 0 is active for one relation as it is for all, feature 1 in the other for nobody.
  const free = [
    ({ relation, noise }: Question) => 0.2 + noise + Number(relation === 0),
    ({ relation, noise }: Question) => 0.01 * (noise + Number(relation === 1)),
  ];
  const site = syntheticSite({ persons: 40, relations: 2, free });
  assert.match(
    textOf(site),
    /lies above ½ is layer 1 for r0\. For r1 it is not known: none of these AUROCs has an interval\./,
  );
  assert.match(
    textOf(syntheticSite({ persons: 9 })),
    /lies above ½ is not known for r0, r1 and r2: none of these AUROCs has an interval\.$/m,
  );
});

Deno.test("where the control has no interval, no relation is said to be nowhere above it", () => {
  const tokens: MadeUp["tokens"] = ({ relation, person }) => 9 + (relation + person) % 4;
  const silent = ({ relation, person }: Question) => 0.01 * ((relation + person) % 4);
  const blind = syntheticSite({ persons: 40, tokens, layer: 0, free: [silent] });
  const sees = syntheticSite({ persons: 40, tokens });
  assert.match(
    textOf(blind, sees),
    /the interval of the difference above 0 is not known for r0, r1 and r2: none of these differences has an interval\.$/m,
  );
});

Deno.test("the first layers are named in the order of the forward pass", () => {
  const knows = (layer: number, from: number) => (each: Question, k: number) =>
    each.noise + Number(each.relation === k && (k > 0 || layer >= from));
  const layers = [1, 2].map((layer) =>
    syntheticSite({ persons: 40, layer, slot: knows(layer, 2) })
  );
  assert.match(textOf(...layers), /lies above ½ is layer 1 for r1 and r2 and layer 2 for r0\./);
});
