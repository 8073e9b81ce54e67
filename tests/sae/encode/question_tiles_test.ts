import assert from "node:assert/strict";
import { segmentSizes, tileQuestions } from "../../../lib/sae/encode/question_tiles.ts";

Deno.test("tileQuestions() never puts two groups into one tile", () => {
  assert.deepEqual(tileQuestions({ groupSizes: [3, 1, 4] }, 2), [
    { segment: 0, first: 0, count: 2 },
    { segment: 0, first: 2, count: 1 },
    { segment: 1, first: 3, count: 1 },
    { segment: 2, first: 4, count: 2 },
    { segment: 2, first: 6, count: 2 },
  ]);
});

Deno.test("tileQuestions() gives tiles the segment of their group, which several groups may have", () => {
  const questions = { groupSizes: [1, 2, 1], segments: [1, 0, 1] };
  assert.deepEqual(tileQuestions(questions, 8), [
    { segment: 1, first: 0, count: 1 },
    { segment: 0, first: 1, count: 2 },
    { segment: 1, first: 3, count: 1 },
  ]);
  assert.deepEqual(segmentSizes(questions), [2, 2]);
  assert.deepEqual(segmentSizes({ groupSizes: [5, 1] }), [5, 1]);
});
