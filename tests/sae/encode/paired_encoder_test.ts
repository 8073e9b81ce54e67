/** What two threads encode against what one encodes. */
import assert from "node:assert/strict";
import { sharedRows } from "../../../lib/files/rows.ts";
import type { Activation } from "../../../lib/sae/activation.ts";
import type { FeatureColumns } from "../../../lib/sae/encode/columns.ts";
import type { EncodeInput, Encoder } from "../../../lib/sae/encode/encoder.ts";
import { OrtEncoder } from "../../../lib/sae/encode/ort_encoder.ts";
import { PairedEncoder } from "../../../lib/sae/encode/paired_encoder.ts";
import { EXTRA_REDUCTIONS } from "../../../lib/sae/encode/reductions.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import { saeOf } from "../../../lib/sae/sae.ts";
import { randomNumbers } from "../../support/tiny_model.ts";

const WIDTH = 40; // no multiple of anything that is stepped through
/** The last tile of a group is short, and of the eight tiles four and then each are one run. */
const GROUPS = [300, 1, 256, 700];
const QUESTIONS = GROUPS.reduce((sum, size) => sum + size);

function input(seed: number, featureCount: number, activation?: Activation): EncodeInput {
  const states = randomNumbers(QUESTIONS * WIDTH, seed);
  const memory = new Float32Array(new SharedArrayBuffer(states.byteLength));
  memory.set(states);
  const shape = {
    kind: "supervised",
    width: WIDTH,
    freeCount: featureCount - 5,
    slotCount: 5,
  } as const;
  const sae = saeOf({ ...shape, featureCount }, {
    rows: wholeRows(randomNumbers(featureCount * WIDTH, seed + 1), WIDTH),
    bias: randomNumbers(featureCount, seed + 2),
  });
  return {
    hidden: sharedRows(memory, WIDTH),
    groupSizes: GROUPS,
    sae: activation === undefined ? sae : { ...sae, activation },
    threshold: 0.1,
  };
}

Deno.test("PairedEncoder gives the bytes of a single session of ONNX Runtime", async () => {
  await using one = new OrtEncoder({ backend: "cpu", threads: 2 });
  for (const threads of [2, 3]) {
    await using two = new PairedEncoder({ backend: "cpu", threads }, { leastWork: 0 });
    const own = randomNumbers(2_003, 9);
    const jump = { threshold: own.map(Math.abs), scale: own } as Activation;
    const inputs: EncodeInput[] = [
      input(1, 2_003),
      { ...input(5, 2_003), also: EXTRA_REDUCTIONS, segments: [0, 1, 0, 2] },
      { ...input(11, 2_003, jump), kept: { first: 700, count: 900 } },
      { ...input(17, 1_300), kept: [4, 1_299, 640] },
    ];
    for (const each of inputs) assert.deepEqual(await two.encode(each), await one.encode(each));
  }
});

Deno.test("PairedEncoder hands over the activations that a single session does, run after run", async () => {
  const small = input(1, 2_003);
  const columnBytes = 4 * QUESTIONS * 900; // three runs, of several pieces each
  const seenBy = async (encoder: Encoder) => {
    const seen: FeatureColumns[] = [];
    const columns = (some: FeatureColumns) => void seen.push(some);
    const encoded = await encoder.encode({ ...small, columns, columnBytes });
    return { encoded, seen };
  };
  await using one = new OrtEncoder({ backend: "cpu", threads: 2 });
  await using two = new PairedEncoder({ backend: "cpu", threads: 2 }, { leastWork: 0 });
  const expected = await seenBy(one);
  assert(expected.seen.length > 3);
  assert.deepEqual(await seenBy(two), expected);
  assert.deepEqual(await seenBy(two), expected, "in memory that was used before");
});
