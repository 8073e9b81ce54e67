import assert from "node:assert/strict";
import { personHalves } from "../../lib/stats/person_halves.ts";
import { statisticsCases } from "../support/statistics_fixtures.ts";

Deno.test("personHalves() is the oracle's, whatever the order of the persons", () => {
  for (const { seed, persons, choose, estimate } of statisticsCases("halves")) {
    assert.deepEqual(personHalves(persons, seed), { choose, estimate });
    assert.deepEqual(personHalves([...persons, ...persons].reverse(), seed), { choose, estimate });
  }
});
