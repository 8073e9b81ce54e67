import assert from "node:assert/strict";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import type { EncodeTask } from "../../../lib/sae/encode/encode_task.ts";
import { EncodingThread } from "../../../lib/sae/encode/encoding_thread.ts";
import { OrtEncoder } from "../../../lib/sae/encode/ort_encoder.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import { saeOf } from "../../../lib/sae/sae.ts";
import { randomNumbers } from "../../support/tiny_model.ts";

const WIDTH = 4;

function task(featureCount: number, questions: number): EncodeTask {
  const shape = {
    kind: "traditional",
    width: WIDTH,
    freeCount: featureCount,
    slotCount: 0,
  } as const;
  return {
    hidden: rowsInMemory(randomNumbers(questions * WIDTH, questions), WIDTH),
    groupSizes: [questions],
    sae: saeOf({ ...shape, featureCount }, {
      rows: wholeRows(randomNumbers(featureCount * WIDTH, featureCount), WIDTH),
      bias: randomNumbers(featureCount, 3),
    }),
    threshold: 0.1,
    kept: { first: 1, count: 3 },
  };
}

Deno.test("EncodingThread encodes as this thread does, one task after the other, and says what fails", async () => {
  await using here = new OrtEncoder({ backend: "cpu", threads: 1 });
  await using there = new EncodingThread(1);
  const [many, few] = [task(64, 40), task(20, 40)];
  const sameStates = { ...few, hidden: many.hidden };
  const other = task(48, 33); // fits into the memory of the first weights
  const tasks = [many, sameStates, other, few];
  const found = await Promise.all(tasks.map((each) => there.encode(each)));
  for (const [i, each] of tasks.entries()) {
    assert.deepEqual(found[i], await here.encodeTask(each));
  }
  const torn = { ...few, hidden: rowsInMemory(new Float32Array(7), WIDTH) };
  await assert.rejects(there.encode(torn), Error);
  assert.deepEqual(await there.encode(other), found[2], "it goes on");
});

Deno.test("EncodingThread takes no task once it has ended", async () => {
  const there = new EncodingThread(1);
  const { reductions } = await there.encode(task(20, 5));
  assert.equal(reductions.featureCount, 20);
  await there[Symbol.asyncDispose]();
  await assert.rejects(there.encode(task(20, 5)), /the pool of threads was closed/);
});
