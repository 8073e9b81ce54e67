import assert from "node:assert/strict";
import { positionOf, readText, whereNote, whereText } from "../../lib/results/where_read.ts";
import { layerRecord } from "../support/layer_results.ts";

Deno.test("positionOf() is what was asked for, as it can be seen, and nothing of the last token", () => {
  assert.equal(positionOf(layerRecord()), undefined);
  const { provenance } = layerRecord();
  const options = { ...provenance.options, position: "at:\u202e{city}" };
  const record = layerRecord({ provenance: { ...provenance, options } });
  assert.equal(positionOf(record), "at:\\u202e{city}");
});

Deno.test("it is said at which token features are read, or how they are pooled", () => {
  assert.deepEqual([undefined, "mean", "-2"].map(whereText), [
    "at the prompt's last token",
    "pooled over the prompt's tokens (mean)",
    "at the token -2",
  ]);
  assert.deepEqual([undefined, "mean", "-2"].map(readText), [
    "read at the prompt's last token",
    "pooled over the prompt's tokens (mean)",
    "read at the token -2",
  ]);
  assert.deepEqual([undefined, "max", "any", "at:{city}"].map(whereNote), [
    undefined,
    "Features are pooled over the prompt's tokens (max).",
    "Features are pooled over the prompt's tokens (any): each is 1 where it is above 0 at any of " +
    "them, and 0 elsewhere.",
    "Features are read at the token at:{city}; the number of tokens is that up to it.",
  ]);
});
