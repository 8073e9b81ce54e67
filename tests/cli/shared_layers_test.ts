import assert from "node:assert/strict";
import { sharedOption } from "../../lib/cli/shared_layers.ts";

Deno.test("what two runs have in common is named by layers, or by sites where one is none", () => {
  assert.equal(sharedOption([0, 1, 6], [1, 6]), "--layers 1,6");
  assert.equal(sharedOption([0, "post03", "post05"], [0, "post05"]), "--sites pre:0,post:5");
  assert.equal(sharedOption(["post05"], ["final", "post05"]), "--sites post:5");
  assert.equal(sharedOption([0], [1]), undefined);
});

Deno.test("a site of which two runs hold different SAEs is not named: all of its SAEs would be meant", () => {
  const first = ["post03_w48", "post03_w128", "post05_a", "post05_b"];
  assert.equal(sharedOption(first, ["post03", "post05_a", "post05_b"]), "--sites post:5");
  assert.equal(sharedOption(first, ["post03_w48", "post03_w64"]), undefined);
});
