import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { ColumnPieces, columnRuns } from "../../../lib/sae/encode/columns.ts";

Deno.test("columnRuns() cuts features into runs of whole steps, and the last has the rest", () => {
  const bytes = 4 * 10 * 40; // 40 features of 10 questions
  assert.deepEqual([...columnRuns(70, 10, bytes)], [
    { first: 0, count: 32 },
    { first: 32, count: 32 },
    { first: 64, count: 6 },
  ]);
  assert.deepEqual([...columnRuns(20, 10, 1)], [{ first: 0, count: 16 }, { first: 16, count: 4 }]);
});

Deno.test("ColumnPieces holds the same however the activations come, each piece with a buffer of its own", () => {
  const [first, count, questions] = [5, 20, 2 ** 15]; // of 2 MiB are 16 features
  const z = (feature: number, question: number) => feature * 3 + question / 2 ** 16;
  const byFeature = new ColumnPieces({ first, count }, questions);
  for (const [from, many, tile] of [[0, 6, 2 ** 14], [6, 14, questions]] as const) {
    for (let question = 0; question < questions; question += tile) {
      const some = Float32Array.from(
        { length: many * tile },
        (_, i) => z(from + Math.floor(i / tile), question + i % tile),
      );
      byFeature.put(some, { feature: from, question, many: tile });
    }
  }
  assert.deepEqual(byFeature.pieces.map(({ first, count }) => [first, count]), [
    [5, 16],
    [21, 4],
  ]);
  byFeature.pieces.forEach(({ values, count, first: own }) => {
    assert.equal(values.buffer.byteLength, 4 * count * questions);
    assert.equal(values[questions + 7], z(own - first + 1, 7));
    const expected = Float32Array.from(
      { length: values.length },
      (_, i) => z(own - first + Math.floor(i / questions), i % questions),
    );
    assert(Buffer.from(values.buffer).equals(Buffer.from(expected.buffer)));
  });
});

Deno.test("activations come to their places whether their numbers are even or odd", () => {
  for (const [questions, tile] of [[8, 4], [8, 3], [7, 4], [6, 5]] as const) {
    const columns = new ColumnPieces({ first: 0, count: 3 }, questions);
    for (let question = 0; question < questions; question += tile) {
      const many = Math.min(tile, questions - question);
      const some = Float32Array.from(
        { length: 3 * many },
        (_, i) => 100 * Math.floor(i / many) + question + i % many,
      );
      columns.put(some, { feature: 0, question, many });
    }
    const expected = Float32Array.from(
      { length: 3 * questions },
      (_, i) => 100 * Math.floor(i / questions) + i % questions,
    );
    assert.deepEqual(columns.pieces[0]!.values, expected, `${questions} by ${tile}`);
  }
});
