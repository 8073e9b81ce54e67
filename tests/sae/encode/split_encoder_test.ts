/** Threads that encode some features each: what they give is what one thread gives. */
import assert from "node:assert/strict";
import { type Rows, rowsInMemory, sharedRows } from "../../../lib/files/rows.ts";
import { LINEAR } from "../../../lib/sae/activation.ts";
import type { ColumnRoom, FeatureColumns } from "../../../lib/sae/encode/columns.ts";
import type { Encoded, EncodeInput, Encoder } from "../../../lib/sae/encode/encoder.ts";
import { encodingThreadCount, EncodingThreads } from "../../../lib/sae/encode/encoding_threads.ts";
import { OrtEncoder } from "../../../lib/sae/encode/ort_encoder.ts";
import { isWorthThreads, SplitEncoder } from "../../../lib/sae/encode/split_encoder.ts";
import { wholeRows } from "../../../lib/sae/feature_rows.ts";
import type { Sae } from "../../../lib/sae/sae.ts";
import { randomInput } from "./float64_formula.ts";

/** Just large enough for threads: 300 questions, 3,000 features and six slots of width 6,000. */
function largeInput(): EncodeInput {
  const [questions, features, width] = [300, 3006, 6000];
  const { sae, ...input } = randomInput("supervised", { width: 1, freeCount: 3000, slotCount: 6 });
  const numbers = (length: number, step: number) =>
    Float32Array.from({ length }, (_, i) => Math.sin(i * step) / 8);
  assert.equal(sae.featureCount, features);
  return {
    ...input,
    groupSizes: [100, 199, 1],
    hidden: rowsInMemory(numbers(questions * width, 1.7), width),
    sae: { ...sae, width, rows: wholeRows(numbers(features * width, 0.9), width) },
  };
}

/** Encodes as another one does, and counts how often it is asked. */
class CountedEncoder implements Encoder {
  readonly backend = "counted";
  readonly tileQuestions = 256;
  asked = 0;
  #encoder = new OrtEncoder({ backend: "cpu", threads: 2 });

  async encode(input: EncodeInput): Promise<Encoded> {
    this.asked++;
    return await this.#encoder.encode(input);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#encoder[Symbol.asyncDispose]();
  }
}

Deno.test("SplitEncoder.encode() gives the bytes that one thread gives, whatever is kept and reduced", async () => {
  await using threads = new EncodingThreads(6, { count: 3, expected: "supervised" });
  threads.start();
  const whole = new CountedEncoder();
  await using encoder = new SplitEncoder(whole, threads);
  const input = largeInput();
  const shared = new Float32Array(new SharedArrayBuffer(4 * 300 * 6000));
  shared.set(input.hidden.read(0, 300));
  const normed: Sae = { ...input.sae, input: [{ kind: "layer_norm", epsilon: 1e-5 }] };
  const variants: EncodeInput[] = [
    input,
    { ...input, hidden: sharedRows(shared, 6000), also: ["squares", "minima", "maximaAt"] },
    { ...input, kept: [2999, 5, 1001, 5], sae: { ...input.sae, activation: LINEAR, targets: [] } },
    { ...input, segments: [1, 0, 1], kept: { first: 998, count: 8 } },
    { ...input, sae: normed },
    { ...input, hidden: sharedRows(shared, 6000), sae: normed },
  ];
  for (const variant of variants) {
    const found = await encoder.encode(variant);
    assert.equal(whole.asked, 0, "threads encode it");
    await using alone = new OrtEncoder({ backend: "cpu", threads: 2 });
    assert.deepEqual({ cutoffs: undefined, ...found }, await alone.encode(variant));
  }
});

Deno.test("SplitEncoder.encode() hands over the columns that one thread hands over, in the order of the features, and fills the room that it is given", async () => {
  await using threads = new EncodingThreads(4, { count: 2 });
  const whole = new CountedEncoder();
  await using encoder = new SplitEncoder(whole, threads);
  const large = largeInput();
  const few: EncodeInput = {
    ...large,
    groupSizes: [6],
    hidden: rowsInMemory(large.hidden.read(0, 6), 6000),
  };
  for (const input of [large, { ...large, kept: [5, 2999, 5] }, few]) {
    const { hidden: { count: questions }, sae: { featureCount } } = input;
    const columnsOf = async (by: Encoder, columnRoom?: ColumnRoom) => {
      const values = new Float32Array(questions * featureCount);
      let next = 0;
      const columns = (some: FeatureColumns) => {
        assert.equal(some.first, next, "in the order of the features");
        assert.equal(some.questions, questions);
        values.set(some.values, next * questions);
        next += some.count;
      };
      const encoded = await by.encode({ ...input, columns, columnRoom });
      assert.equal(next, featureCount);
      return { values, encoded: { cutoffs: undefined, ...encoded } };
    };
    const rooms: Float32Array[] = [];
    const room = (length: number) => {
      const made = new Float32Array(length).fill(NaN);
      rooms.push(made);
      return made;
    };
    const found = await columnsOf(encoder, room);
    assert.equal(whole.asked, 0, "threads encode it");
    assert(rooms.length > 0 && rooms.every(({ length }) => length === 0), "they own the room");
    await using alone = new OrtEncoder({ backend: "cpu", threads: 2 });
    assert.deepEqual(found, await columnsOf(alone));
  }
});

Deno.test("threads that encode tell states apart that share no memory, and may be encoded in turns", async () => {
  await using threads = new EncodingThreads(2, { count: 2 });
  await using encoder = new SplitEncoder(new CountedEncoder(), threads);
  await using alone = new OrtEncoder({ backend: "cpu", threads: 2 });
  const input = largeInput();
  const own = input.hidden.read(0, 300);
  const [some, others] = [1, -1].map((sign) => {
    const shared = new Float32Array(new SharedArrayBuffer(own.byteLength));
    shared.set(own.map((value) => sign * value));
    return { ...input, hidden: sharedRows(shared, 6000) };
  });
  for (const each of [some!, others!, some!, some!, others!]) {
    const found = { cutoffs: undefined, ...await encoder.encode(each) };
    assert.deepEqual(found, await alone.encode(each));
  }
});

Deno.test("SplitEncoder.encode() has states that are made when they are read made once, for all parts", async () => {
  await using threads = new EncodingThreads(2, { count: 2 });
  const whole = new CountedEncoder();
  await using encoder = new SplitEncoder(whole, threads);
  const input = largeInput();
  let reads = 0;
  const hidden: Rows = {
    count: 300,
    width: 6000,
    read: (first, count) => {
      reads++;
      return input.hidden.read(first, count);
    },
  };
  const found = await encoder.encode({ ...input, hidden });
  assert.deepEqual([reads, whole.asked], [1, 0]);
  assert.deepEqual(found, await encoder.encode(input));
});

Deno.test("SplitEncoder.encode() leaves columns to the other encoder of which a thread would have too many together", async () => {
  await using threads = new EncodingThreads(2, { count: 2 });
  const whole = new CountedEncoder();
  await using encoder = new SplitEncoder(whole, threads);
  const { sae, ...input } = randomInput("supervised", { width: 1, freeCount: 294, slotCount: 6 });
  for (const [questions, asked] of [[13_000, 0], [20_000, 1]] as const) {
    const hidden = rowsInMemory(new Float32Array(questions).fill(0.5), 1);
    let next = 0;
    const columns = ({ count }: FeatureColumns) => void (next += count);
    await encoder.encode({ ...input, sae, hidden, groupSizes: [questions], columns });
    assert.deepEqual([next, whole.asked], [300, asked]);
  }
});

Deno.test("SplitEncoder.encode() leaves to the other encoder what threads cannot do, or is not worth it", async () => {
  await using threads = new EncodingThreads(2, { count: 2 });
  const whole = new CountedEncoder();
  await using encoder = new SplitEncoder(whole, threads);
  const { sae, ...input } = largeInput();
  const topK = { threshold: { k: 3, by: "value" }, floor: 0 } as const;
  const read = { ...sae.rows, release: () => {} };
  const others: EncodeInput[] = [
    randomInput("supervised"),
    { ...input, sae: { ...sae, activation: topK } },
    { ...input, sae: { ...sae, activation: topK }, columns: () => {} },
    { ...input, sae: { ...sae, rows: read } },
  ];
  for (const [i, other] of others.entries()) {
    await encoder.encode(other);
    assert.equal(whole.asked, i + 1);
  }
});

Deno.test("SplitEncoder.encode() fails with what a thread says, and does not hang", async () => {
  await using threads = new EncodingThreads(2, { count: 2 });
  await using encoder = new SplitEncoder(new CountedEncoder(), threads);
  const input = largeInput();
  const encoding = encoder.encode({ ...input, groupSizes: [100, 100] });
  await assert.rejects(encoding, /groups of 100, 100 questions need 200/);
  assert.equal(
    (await encoder.encode(input)).keptActivations.length,
    300 * 6,
    "the next one goes on",
  );
});

Deno.test("threads that have ended encode nothing, and are ended once", async () => {
  const threads = new EncodingThreads(2, { count: 2 });
  assert.notEqual(await threads.encode(largeInput()), undefined);
  await threads[Symbol.asyncDispose]();
  await threads[Symbol.asyncDispose]();
  assert.equal(threads.areThere, false);
  assert.equal(await threads.encode(largeInput()), undefined);
});

Deno.test("one thread of four cores encodes, two at least and four at most, and none on a single core", () => {
  assert.deepEqual([1, 2, 4, 7, 8, 12, 16, 64].map((cores) => encodingThreadCount(cores)), [
    0,
    2,
    2,
    2,
    2,
    3,
    4,
    4,
  ]);
});

Deno.test("threads are worth it from 10 billion operations on", () => {
  assert(isWorthThreads({ questions: 3000, features: 10_006, width: 768 }));
  assert(!isWorthThreads({ questions: 100, features: 10_006, width: 768 }));
});
