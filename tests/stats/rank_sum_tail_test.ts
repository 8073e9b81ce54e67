import assert from "node:assert/strict";
import { rankSumTail } from "../../lib/stats/rank_sum_tail.ts";
import { assertClose, statisticsCases } from "../support/statistics_fixtures.ts";

const BOUND = { relative: 1e-8, absolute: 1e-9 };

Deno.test("rankSumTail() is the specification's, and near the exact tail", () => {
  for (const each of statisticsCases("permutation")) {
    if (each.kind === "enumeration") continue;
    const { x, group: groups, person: persons, name } = each;
    const found = rankSumTail(x, { groups, persons, group: 0 })!;
    assert.equal(found.branch, each.branch, name);
    assert.equal(found.scoreDoubled, each.score_doubled, name);
    assertClose(found.log10P, each.log10_p_saddlepoint, BOUND, name);
    const beyond = found.log10P - each.log10_p_exact;
    assert(beyond > -0.03 && beyond < 1.2, `${name}: ${beyond} beyond the exact tail`);
    if (each.kind !== "tail") continue;
    const exact = { relative: 1e-12 };
    assertClose(found.scoreVariance, each.score_var, exact, name);
    assertClose(found.scoreCentred, each.score_centred, exact, name);
  }
});

Deno.test("rankSumTail() is the specification's for every feature and group of few persons", () => {
  for (const { kind, z, person, group, log10_p_saddlepoint } of statisticsCases("permutation")) {
    if (kind !== "enumeration") continue;
    const found = z.map((values: number[], feature: number) =>
      log10_p_saddlepoint[feature].map((_: number, each: number) =>
        rankSumTail(values, { groups: group, persons: person, group: each })!.log10P
      )
    );
    assertClose(found, log10_p_saddlepoint, BOUND);
  }
});

Deno.test("rankSumTail() has a mean and a variance under permutation also where persons differ", () => {
  for (const each of statisticsCases("clustered")) {
    const { x, group: groups, person: persons, name } = each;
    if (name === "each person in one group only") continue; // nothing is permuted there
    const found = rankSumTail(x, { groups, persons, group: 0 })!;
    assertClose(found.scoreVariance, each.score_var, { relative: 1e-12 }, name);
    assertClose(found.scoreCentred, each.score_var && each.score - each.score_mean, {
      relative: 1e-12,
      absolute: 1e-12,
    }, name);
  }
});

Deno.test("rankSumTail() is null where there is nothing to compare with", () => {
  assert.equal(rankSumTail([1, 2], { groups: [0, 0], group: 0 }), null);
  assert.equal(rankSumTail([1, 2], { groups: [1, 1], group: 0 }), null);
});

Deno.test("rankSumTail() does not underflow", () => {
  const n = 3000;
  const persons = Array.from({ length: n }, (_, i) => Math.floor(i / 6));
  const groups = Array.from({ length: n }, (_, i) => i % 6);
  const values = groups.map((group, i) => group === 0 ? 10 + i : i % 7);
  const found = rankSumTail(values, { groups, persons, group: 0 })!;
  assertClose(found.log10P, Math.log10(2) - 500 * Math.log10(6), { relative: 1e-12 });
});
