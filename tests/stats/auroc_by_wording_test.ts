import assert from "node:assert/strict";
import { aurocByWording, doWordingsAgree } from "../../lib/stats/auroc_by_wording.ts";

Deno.test("each wording of the group stands against all questions outside, in whatever wording", () => {
  const found = aurocByWording([5, 1, 3, 0, 3], {
    inGroup: [true, true, false, false, true],
    wordings: [1, 0, 0, 1, 2],
    names: ["a", "b", "c"],
  });
  assert.deepEqual(found, { a: 0.5, b: 1, c: 0.75 }); // a tie is half a pair
  const alone = aurocByWording([1, 2], {
    inGroup: [true, true],
    wordings: [0, 1],
    names: ["a", "b"],
  });
  assert.deepEqual(alone, { a: null, b: null });
  assert.deepEqual(aurocByWording([1], { inGroup: [true], wordings: [-1], names: null }), {});
});

Deno.test("wordings agree on one side of ½, which ½ itself is not", () => {
  assert.equal(doWordingsAgree({ a: 0.2, b: 0.4 }), true);
  assert.equal(doWordingsAgree({ a: 0.9, b: 0.5 }), false);
  assert.equal(doWordingsAgree({ a: 0.9, b: null }), null);
  assert.equal(doWordingsAgree({}), null);
});
