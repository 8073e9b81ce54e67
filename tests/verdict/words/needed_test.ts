/** What is said of how many features are needed. */
import assert from "node:assert/strict";
import { type Measured, sure, unsure } from "../../../lib/verdict/measured.ts";
import { neededSection } from "../../../lib/verdict/words/needed.ts";
import { syntheticSite } from "../../support/synthetic_site.ts";
import { verdictOn } from "../../support/verdicts.ts";

/** What is said where the second and the third probe gain so much. */
function saidOf(...gains: readonly Measured[]): string {
  const verdict = verdictOn(syntheticSite({ persons: 20 }));
  const [site] = verdict.sites;
  const probes = site!.probes.map((probe, k) => ({ ...probe, gain: gains[k - 1] ?? probe.gain }));
  return neededSection({ ...verdict, sites: [{ ...site!, probes }] }).sentences.join("\n");
}

Deno.test("a gain that is clear is said to be one, also after one that is not", () => {
  const [clear, none] = [sure(0.1, [0.07, 0.13]), sure(0.01, [-0.05, 0.07])];
  assert.match(saidOf(clear, clear), /Each step is a gain whose interval is above 0/);
  assert.match(
    saidOf(clear, none),
    /The gain at 5 features, 0\.010 .*: it is not shown that so many/,
  );
  assert.match(
    saidOf(none, none),
    /The gain at 2 features, 0\.010 .*: it is not shown that so many/,
  );
  const lacking = unsure(0.09, "one feature has no interval");
  for (const unclear of [none, lacking]) {
    const said = saidOf(unclear, clear);
    assert.match(
      said,
      /The gain at 2 features, .*, is not clear, but that at 5 features is: they tell more than 2 do\./,
    );
    assert.doesNotMatch(said, /not shown that so many/);
  }
});
