import assert from "node:assert/strict";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { LINEAR } from "../../../lib/sae/activation.ts";
import type { EncodeInput } from "../../../lib/sae/encode/encoder.ts";
import type { EncodeTask } from "../../../lib/sae/encode/encode_task.ts";
import { encodeKept } from "../../../lib/sae/encode/kept_features.ts";
import { emptyReductions } from "../../../lib/sae/encode/reductions.ts";
import { type FeatureRange, wholeRows } from "../../../lib/sae/feature_rows.ts";
import type { Sae } from "../../../lib/sae/sae.ts";

const FEATURES = 40;
const QUESTIONS = 2;
const SAE: Sae = {
  width: 1,
  featureCount: FEATURES,
  rows: wholeRows(new Float32Array(FEATURES), 1),
  bias: Float32Array.from({ length: FEATURES }, (_, feature) => feature),
  input: [],
  activation: LINEAR,
  targets: [],
};

/** A backend whose activations are the bias, and a hundred for each question before. */
function backend() {
  const tasks: EncodeTask[] = [];
  const encode = (task: EncodeTask) => {
    tasks.push(task);
    const { hidden: { count }, kept, sae, into } = task;
    const activations = ({ first, count: width }: FeatureRange) =>
      Float32Array.from(
        { length: count * width },
        (_, i) => 100 * Math.floor(i / width) + sae.bias[first + i % width]!,
      );
    const columns = Float32Array.from(
      { length: count * sae.featureCount },
      (_, i) => 100 * (i % count) + sae.bias[Math.floor(i / count)]!,
    );
    into?.put(columns, { feature: 0, question: 0, many: count });
    const keptActivations = activations(kept);
    return Promise.resolve({
      reductions: emptyReductions(task, sae.featureCount),
      keptActivations,
    });
  };
  return { tasks, encode };
}

function input(changes: Partial<EncodeInput>): EncodeInput {
  const hidden = rowsInMemory(Float32Array.of(1, 2), 1);
  return { hidden, groupSizes: [QUESTIONS], sae: SAE, threshold: 0, ...changes };
}

Deno.test("encodeKept() asks a backend once for neighbours", async () => {
  const { tasks, encode } = backend();
  const { keptActivations } = await encodeKept(input({ kept: [7, 8, 9] }), encode);
  assert.deepEqual([...keptActivations], [7, 8, 9, 107, 108, 109]);
  assert.deepEqual(tasks.map(({ kept }) => kept), [{ first: 7, count: 3 }]);
});

Deno.test("encodeKept() encodes features that are no neighbours by themselves, in the order asked for", async () => {
  const { tasks, encode } = backend();
  const { keptActivations } = await encodeKept(input({ kept: [30, 2, 17, 2] }), encode);
  assert.deepEqual([...keptActivations], [30, 2, 17, 2, 130, 102, 117, 102]);
  assert.deepEqual(tasks.map(({ sae }) => sae.featureCount), [FEATURES, 3]);
});

Deno.test("encodeKept() hands all activations over, run after run, and keeps targets all the same", async () => {
  const { encode } = backend();
  const handed: [number, number[]][] = [];
  const targets = [{ feature: 33, group: 0 }, { feature: 1, group: 1 }];
  const { keptActivations } = await encodeKept(
    input({
      sae: { ...SAE, targets },
      columnBytes: 4 * QUESTIONS * 16, // 16 features together
      columns: ({ first, values }) => void handed.push([first, [...values.subarray(0, 4)]]),
    }),
    encode,
  );
  assert.deepEqual(handed, [[0, [0, 100, 1, 101]], [16, [16, 116, 17, 117]], [32, [
    32,
    132,
    33,
    133,
  ]]]);
  assert.deepEqual([...keptActivations], [33, 1, 133, 101]);
});

Deno.test("encodeKept() takes states through the SAE's input steps first", async () => {
  const { tasks, encode } = backend();
  await encodeKept(input({ sae: { ...SAE, input: [{ kind: "scale", factor: 3 }] } }), encode);
  assert.deepEqual([...tasks[0]!.hidden.read(0, 2)], [3, 6]);
  assert.deepEqual(tasks[0]!.sae.input, []);
});
