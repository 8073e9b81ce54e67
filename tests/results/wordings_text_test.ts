/** How the AUROCs of wordings are written in a cell. */
import assert from "node:assert/strict";
import { wordingsText } from "../../lib/results/wordings_text.ts";

Deno.test("each wording stands with its name, and one without an AUROC moves no other", () => {
  assert.equal(wordingsText([["0", 0.914], ["1", null], ["2", 0.5]]), "0: 0.91, 2: 0.50");
  assert.equal(
    wordingsText([["0", 0.9], ["1", 0.2]], ["do not agree"]),
    "0: 0.90, 1: 0.20 (do not agree)",
  );
  assert.equal(wordingsText([["0", null]]), undefined);
});

Deno.test("names as long as questions are left out, and of many wordings the range stands", () => {
  assert.equal(wordingsText([["Where was X born?", 0.9], ["When?", 1]]), "0.90, 1.00");
  const many = Array.from({ length: 12 }, (_, k) => [String(k), 0.8 + k / 100] as const);
  assert.equal(wordingsText(many, ["agree"]), "0.80 to 0.91 (12, agree)");
});
