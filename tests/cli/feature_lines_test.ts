import assert from "node:assert/strict";
import { featureLines } from "../../lib/cli/feature_lines.ts";
import type { QualifiedSelectivity } from "../../lib/results/selectivity_table.ts";

/** What the lines need of a site. */
const SITE = {
  layer: 6,
  record: {
    site: "pre 6",
    persons: 20,
    halves: { seed: 0, choosing: 10, estimating: 10 },
    groups: [{ key: "born" }],
  },
} as unknown as QualifiedSelectivity;

Deno.test("featureLines() writes nothing as 0 that is not 0, and a dash for what is not there", () => {
  const listed = [{
    feature: 7,
    aurocChoosing: 0.8,
    auroc: 0.9996,
    interval: null,
    reason: "too few persons",
    log10P: -0.01,
    log10Q: null,
    difference: -0.0001,
    differenceInterval: [-0.2, -0.0004] as const,
    byWording: {},
  }];
  const [, , row, reason] = featureLines(SITE, { group: 0, against: undefined, listed });
  const cells = row!.trim().split(/ {2,}/);
  assert.deepEqual(cells, [
    "7",
    "0.800",
    ">0.999",
    "-",
    ">-0.1",
    "-",
    ">-0.001",
    "-0.200 to >-0.001",
  ]);
  assert.equal(reason, "  no interval of 7: too few persons");
});

Deno.test("featureLines() says of features without an AUROC that they have none", () => {
  const listed = [{
    feature: 7,
    aurocChoosing: 1,
    auroc: null,
    interval: null,
    reason: "there are no questions to compare with",
    log10P: null,
    log10Q: null,
    difference: null,
    differenceInterval: null,
    byWording: {},
  }];
  const one = {
    ...SITE,
    record: { ...SITE.record, halves: { seed: 0, choosing: 1, estimating: 0 } },
  };
  const [heading, , , reason] = featureLines(one, { group: 0, against: undefined, listed });
  assert.match(heading!, /chosen on 1 person, estimated on 0 others$/);
  assert.equal(reason, "  no AUROC of 7: there are no questions to compare with");
});

Deno.test("featureLines() counts the persons who are asked about one of two relations", () => {
  const asked = [[0, 0, 1], [1, 1, 1], [2, 2, 1], [0, 3, 0], [1, 3, 0], [2, 4, 0]] as const;
  const site = {
    ...SITE,
    record: { ...SITE.record, groups: [{ key: "born" }, { key: "works" }, { key: "studied" }] },
    questions: Int32Array.from(
      asked.flatMap(([group, person, half]) => [group, person, 0, 9, half]),
    ),
  } as unknown as QualifiedSelectivity;
  const [heading] = featureLines(site, { group: 0, against: 1, listed: [] });
  assert.equal(heading, "pre 6: born against works, chosen on 2 persons, estimated on 1 other");
  // Where persons are not known, questions count.
  const nobody = { ...site, record: { ...site.record, persons: null } };
  const [of] = featureLines(nobody, { group: 0, against: 1, listed: [] });
  assert.equal(of, "pre 6: born against works, chosen on 2 questions, estimated on 2 others");
});

Deno.test("featureLines() does not say that nothing differs where a half lacks the relation", () => {
  const lines = (...asked: readonly (readonly [group: number, half: number])[]) => {
    const groups = [{ key: "born" }, { key: "works" }];
    const questions = Int32Array.from(asked.flatMap(([group, half], i) => [group, i, 0, 9, half]));
    const site = { ...SITE, record: { ...SITE.record, groups }, questions };
    return featureLines(site as unknown as QualifiedSelectivity, {
      group: 0,
      against: undefined,
      listed: [],
    })[1];
  };
  const chosen = "is in the half on which features are chosen";
  assert.equal(lines([0, 1], [1, 1]), "  no feature differs at all");
  assert.equal(lines([0, 0], [1, 1]), `  nothing can be chosen: no question of born ${chosen}`);
  assert.equal(
    lines([0, 1], [1, 0]),
    `  nothing can be chosen: no question of the others ${chosen}`,
  );
});

Deno.test("featureLines() says which of several SAEs at a site its features are of", () => {
  const questions = Int32Array.of(0, 0, 0, 9, 1);
  const site = { ...SITE, layer: "layer06_width_16k", questions };
  const [heading] = featureLines(site, { group: 0, against: undefined, listed: [] });
  assert.match(heading!, /^pre 6 \(width_16k\): born against all others/);
});
