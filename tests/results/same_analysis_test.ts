import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { LayerRecord } from "../../lib/results/layer_record.ts";
import { checkSameAnalysis, differenceOf } from "../../lib/results/same_analysis.ts";
import { InputError } from "../../lib/base/errors.ts";

/** What it needs of a record. */
function record(layer: number, options: Record<string, unknown> = {}, threshold = 0.1) {
  const provenance = { options, input_sha256: { "questions.jsonl": "a" } };
  return {
    layer,
    relations: [],
    activation_threshold: threshold,
    provenance,
  } as unknown as LayerRecord;
}

Deno.test("layers belong together that differ in nothing but the layer and where results lie", () => {
  assert.equal(differenceOf(record(6), record(7, { output_dir: "other", layers: "7" })), undefined);
  checkSameAnalysis("results", [record(6), record(7)]);
});

Deno.test("states of other tokens, or of other prompts, are not of one analysis", () => {
  for (const option of ["position", "prompt_template", "prepend_bos"]) {
    const other = record(7, { [option]: "x" });
    assert.equal(differenceOf(record(6), other), "prompts or positions in them");
  }
  const mixed = [record(5), record(6, { position: "-2" }), record(7)];
  assert.throws(
    () => checkSameAnalysis("results", mixed),
    (error) =>
      error instanceof InputError &&
      /layers 5 and 6 were analysed with different prompts or positions in them$/
        .test(error.message) &&
      isDeepStrictEqual(error.advice, { kind: "take_together", lists: [[5, 7], [6]] }),
  );
});
