import assert from "node:assert/strict";
import {
  auroc,
  layersListed,
  number,
  percent,
  sayOnce,
  withInterval,
} from "../../../lib/verdict/words/numbers.ts";

Deno.test("what is not 0 or 1 is not written as 0 or 1", () => {
  assert.deepEqual([0, -0, 0.0004, -0.0004, 0.25].map((each) => number(each)), [
    "0.000",
    "0.000",
    "<0.001",
    ">-0.001",
    "0.250",
  ]);
  assert.deepEqual([1, 0.9999, 0.5].map((each) => auroc(each)), ["1.000", ">0.999", "0.500"]);
  assert.deepEqual([0.4999, 0.5001].map((each) => auroc(each)), ["<0.500", ">0.500"]);
  assert.deepEqual([1, 0.9999, 0, 0.0001].map(percent), ["100.0 %", ">99.9 %", "0.0 %", "<0.1 %"]);
});

Deno.test("a number without an interval says why", () => {
  const reason = "there are 4 persons, fewer than 10";
  assert.equal(
    withInterval({ value: 0.5, interval: null, reason }),
    `0.500 (no interval: ${reason})`,
  );
  assert.equal(withInterval({ value: null, interval: null, reason }), `not known (${reason})`);
  assert.equal(
    withInterval({ value: 0.5, interval: [0.4, 0.6], reason: null }),
    "0.500 [0.400, 0.600]",
  );
});

Deno.test("layers that follow each other are a range", () => {
  const of = (...layers: number[]) => layersListed(layers.map((layer) => `layer ${layer}`));
  assert.equal(of(0, 1, 2, 5), "layers 0 to 2 and 5");
  assert.equal(of(1, 2), "layers 1 and 2");
  assert.equal(of(7), "layer 7");
  assert.equal(layersListed(["post 3", "final"]), "post 3 and final");
});

Deno.test("in a paragraph, a reason is said once", () => {
  const why = "(no interval: fewer than 10 persons (4))";
  assert.equal(sayOnce(`0.1 ${why}, 0.2 ${why} (really)`), `0.1 ${why}, 0.2 [–] (really)`);
});
