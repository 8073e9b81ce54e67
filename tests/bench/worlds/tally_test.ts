import assert from "node:assert/strict";
import { Tally } from "../../../bench/worlds/tally.ts";

Deno.test("a tally says how many intervals held the truth, and how far numbers were above it", () => {
  const tally = new Tally();
  tally.add("mean", { value: 0.5, interval: [0.4, 0.6] }, 0.4);
  tally.add("mean", { value: 0.7, interval: [0.6, 0.8] }, 0.5);
  assert.equal(tally.held("mean"), "50.0 % of 2");
  assert.equal(tally.excess("mean"), "0.150");
});

Deno.test("what has no number, no interval or no truth does not count", () => {
  const tally = new Tally();
  tally.add("mean", null, 0.4);
  tally.add("mean", { value: null, interval: null }, 0.4);
  tally.add("mean", { value: 0.5, interval: null }, 0.4);
  tally.add("mean", { value: 0.5, interval: [0.4, 0.6] }, null);
  assert.equal(tally.held("mean"), "–");
  assert.equal(tally.excess("mean"), "–");
});
