import assert from "node:assert/strict";
import { promptOf } from "../../lib/questions/prompt.ts";

Deno.test("promptOf() is the prompt of the reference", () => {
  assert.equal(promptOf("Who?"), "Q: Who?\nA:");
});

Deno.test("promptOf() leaves the question as it is", () => {
  assert.equal(promptOf(" Né\n"), "Q:  Né\n\nA:");
});
