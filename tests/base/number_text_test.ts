import assert from "node:assert/strict";
import { fixedText, shareText } from "../../lib/base/number_text.ts";

Deno.test("fixedText() writes nothing as 0 but 0", () => {
  const texts = [0, -0, 0.0004, -0.0004, 0.0006, -1.25].map((value) => fixedText(value));
  assert.deepEqual(texts, ["0.000", "0.000", "<0.001", ">-0.001", "0.001", "-1.250"]);
  assert.equal(fixedText(0.04, 1), "<0.1");
});

Deno.test("shareText() writes nothing as 1 but 1", () => {
  const texts = [1, 0.9996, 0.9994, 0.0004, 0].map((value) => shareText(value));
  assert.deepEqual(texts, ["1.000", ">0.999", "0.999", "<0.001", "0.000"]);
  assert.equal(shareText(0.996, 2), ">0.99");
});
