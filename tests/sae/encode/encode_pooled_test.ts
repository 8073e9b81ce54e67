import assert from "node:assert/strict";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { encodePooled } from "../../../lib/sae/encode/encode_pooled.ts";
import type { FeaturePooling, PoolWork } from "../../../lib/sae/encode/pool_task.ts";
import { ReadingThreads } from "../../../lib/reading/reading_threads.ts";
import { randomNumbers } from "../../support/tiny_model.ts";
import { createEncoder } from "../../../lib/sae/encode/create_encoder.ts";
import { openDevice } from "../../../lib/compute/device.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import { RELU } from "../../../lib/sae/activation.ts";
import type { Sae } from "../../../lib/sae/sae.ts";

/** Two features: relu(x) and relu(-x), the second one a target. */
const SAE = {
  width: 1,
  featureCount: 2,
  rows: wholeRows(Float32Array.of(1, -1), 1),
  bias: Float32Array.of(0, 0),
  input: [],
  activation: RELU,
  targets: [{ feature: 1, group: 0 }],
} satisfies Sae;

/** Three questions of 2, 1 and 3 states; the groups are of two and of one. */
const STATES = Float32Array.of(2, -4, 1, -1, 5, 6);

async function pooled(pooling: FeaturePooling) {
  using device = await openDevice("cpu");
  await using encoder = createEncoder(device);
  const { reductions, keptActivations } = await encodePooled({
    hidden: rowsInMemory(STATES, 1),
    groupSizes: [2, 1],
    sae: SAE,
    threshold: 0.5,
    stateCounts: [2, 1, 3],
    pooling,
  }, (input) => encoder.encode(input));
  return {
    sums: [...reductions.sums],
    maxima: [...reductions.maxima],
    counts: [...reductions.counts],
    slots: [...keptActivations],
  };
}

Deno.test("encodePooled() takes the mean of each feature, not the feature of the mean", async () => {
  const third = Math.fround(1 / 3);
  assert.deepEqual(await pooled("mean"), {
    sums: [1 + 1, 2, Math.fround(11 / 3), third],
    maxima: [1, 2, Math.fround(11 / 3), third],
    counts: [2, 1, 1, 0],
    slots: [2, 0, third],
  });
});

Deno.test("encodePooled() takes the greatest activation, or whether there is any", async () => {
  assert.deepEqual((await pooled("max")).sums, [2 + 1, 4, 6, 1]);
  assert.deepEqual(await pooled("any"), {
    sums: [2, 1, 1, 1],
    maxima: [1, 1, 1, 1],
    counts: [2, 1, 1, 1],
    slots: [1, 0, 1],
  });
});

Deno.test("encodePooled() hands the pooled features of all questions on", async () => {
  using device = await openDevice("cpu");
  await using encoder = createEncoder(device);
  const handed: number[][] = [];
  await encodePooled({
    hidden: rowsInMemory(STATES, 1),
    groupSizes: [2, 1],
    sae: SAE,
    threshold: 0.5,
    stateCounts: [2, 1, 3],
    pooling: "max",
    columns: ({ first, count, questions, values }) => {
      handed.push([first, count, questions], [...values]);
    },
  }, (input) => encoder.encode(input));
  assert.deepEqual(handed, [[0, 2, 3], [2, 1, 6, 4, 0, 1]]);
});

Deno.test("features are the same bytes, pooled here or by threads, some questions at a time", async () => {
  using device = await openDevice("cpu");
  await using encoder = createEncoder(device);
  const features = 40;
  const sae = {
    ...SAE,
    featureCount: features,
    rows: wholeRows(randomNumbers(features, 1), 1),
    bias: new Float32Array(features),
  };
  const of = async (pooling: FeaturePooling, work?: PoolWork) => {
    const columns: number[] = [];
    const encoded = await encodePooled(
      {
        hidden: rowsInMemory(STATES, 1),
        groupSizes: [1, 1, 1],
        sae,
        threshold: 0.5,
        stateCounts: [2, 1, 3],
        pooling,
        most: 2 * features, // two questions
        columns: ({ values }) => void columns.push(values[0]!, values.at(-1)!),
      },
      (input) => encoder.encode(input),
      work,
    );
    return { ...encoded, columns };
  };
  using reading = new ReadingThreads(1, 0);
  const here = await of("mean");
  assert.deepEqual(await of("mean", reading.poolWork(1)), here);
  assert.deepEqual(await of("any", reading.poolWork(1)), await of("any"));
  assert(here.reductions.sums.some((sum) => sum > 0));
});

Deno.test("a thread that is ended while it pools is an error, not a hang", async () => {
  using device = await openDevice("cpu");
  await using encoder = createEncoder(device);
  const reading = new ReadingThreads(1, 0);
  const pooling = encodePooled({
    hidden: rowsInMemory(STATES, 1),
    groupSizes: [3],
    sae: SAE,
    threshold: 0.5,
    stateCounts: [2, 1, 3],
    pooling: "max",
  }, async (input) => {
    const encoded = await encoder.encode(input);
    queueMicrotask(() => queueMicrotask(() => reading[Symbol.dispose]()));
    return encoded;
  }, reading.poolWork(1));
  await assert.rejects(pooling, /the pool of threads was closed/);
});
