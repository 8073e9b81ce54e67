import assert from "node:assert/strict";
import { FIRST_RUNG, LADDERS, MOST_RUNGS } from "../../../lib/stats/selectivity/ladder.ts";

Deno.test("rungs ascend by one or two steps, as the code that climbs them takes them", () => {
  for (const { rungs, order } of LADDERS) {
    assert.equal(rungs[0], FIRST_RUNG);
    for (let i = 1; i < rungs.length; i++) assert([1, 2].includes(rungs[i]! - rungs[i - 1]!));
    assert(rungs.length <= MOST_RUNGS);
    assert.deepEqual(order.toSorted((a, b) => a - b), [...rungs.keys()]);
    assert.equal(order[0], rungs.length - 1); // the farthest from 0, where all is known
  }
});

Deno.test("the longer a ladder, the farther it reaches", () => {
  LADDERS.forEach(({ rungs, reach }, i) => {
    const next = LADDERS[i + 1];
    assert(
      next === undefined
        ? reach === Infinity
        : rungs.length < next.rungs.length && reach < next.reach,
    );
  });
});
