import assert from "node:assert/strict";
import { kindOfEstimates } from "../../lib/results/interval_kind.ts";

const crossed = { interval: [0.6, 0.7] as const, isCrossed: true };
const plain = { ...crossed, isCrossed: false };
const none = { ...plain, interval: null };

Deno.test("what intervals are over counts those that there are", () => {
  assert.equal(kindOfEstimates([plain, none], true), "persons");
  assert.equal(kindOfEstimates([crossed, none], true), "both");
  assert.equal(kindOfEstimates([crossed, plain], true), "mixed");
});

Deno.test("where it is not known whose questions are, none is over persons", () => {
  assert.equal(kindOfEstimates([plain], false), "questions");
  assert.equal(kindOfEstimates([crossed], false), "questions_and_wordings");
  assert.equal(kindOfEstimates([crossed, plain], false), "questions_and_wordings");
});
