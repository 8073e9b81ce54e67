import assert from "node:assert/strict";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { decodeRows } from "../../lib/sae/decode.ts";
import { DecodedRows } from "../../lib/sae/decoded_rows.ts";
import { ColumnPieces } from "../../lib/sae/encode/columns.ts";
import { wholeRows } from "../../lib/sae/feature_rows.ts";
import { decoderOf } from "../../lib/sae/sae.ts";
import { ReadingThreads } from "../../lib/reading/reading_threads.ts";

const WEIGHT = Float32Array.of(1, 2, 0, 0.5, 0, -1, 3, 4); // [width, features]
const DECODER = decoderOf({ weight: WEIGHT, bias: Float32Array.of(10, -10) });
const SAE = { width: 2, input: [{ kind: "scale", factor: 4 } as const] };
const STATES = Float32Array.of(3, 7, 0, 1, 5, 5);
/** The activations of three states, of which the last is a set of its own. */
const ROWS = [[1, 2, -1, 0], [0, 0, 0.5, 0], [0, 0, 0, 0]];
const SETS = [2, 1];
const COUNTS = [{ features: 4, active: 3, activations: 4 }, {
  features: 4,
  active: 0,
  activations: 0,
}];

/** Adds all features, those before `cut` first. */
async function addAll(decoded: DecodedRows, cut: number): Promise<void> {
  for (const [first, end] of [[0, cut], [cut, 4]] as const) {
    const columns = new ColumnPieces({ first, count: end - first }, 3);
    for (let feature = first; feature < end; feature++) {
      const column = Float32Array.from(ROWS, (row) => row[feature]!);
      columns.put(column, { feature: feature - first, question: 0, many: 3 });
    }
    for (const piece of columns.pieces) await decoded.add(piece);
  }
}

Deno.test("DecodedRows counts, and gives what decodeRows() does, however the features come", async () => {
  const decoding = { sae: SAE, decoder: DECODER };
  const expected = await decodeRows(decoding, Float32Array.from(ROWS.flat()), STATES);
  for (const cut of [1, 2, 4]) {
    const decoded = new DecodedRows({ sets: SETS, decoding });
    await addAll(decoded, cut);
    assert.deepEqual(await decoded.counts(), COUNTS);
    const found = await decoded.finish(rowsInMemory(STATES, 2));
    assert.deepEqual(Float32Array.from(found), expected);
  }
});

Deno.test("a thread counts and decodes to the same bytes, and takes nothing that stays in memory", async () => {
  using reading = new ReadingThreads(1, 0);
  const turned = Float32Array.of(1, 0, 2, -1, 0, 3, 0.5, 4); // [features, width]
  for (const rows of [DECODER.rows, wholeRows(turned, 2)]) {
    const decoder = { ...DECODER, rows, skip: Float32Array.of(1, 2, 3, 4) };
    const of = async (work: ReturnType<ReadingThreads["decodeWork"]> | undefined) => {
      const decoded = new DecodedRows({ sets: SETS, decoding: { sae: SAE, decoder }, work });
      await addAll(decoded, 2);
      return [await decoded.counts(), await decoded.finish(rowsInMemory(STATES, 2))];
    };
    const work = reading.decodeWork(1);
    assert.equal(work.isApart, true);
    assert.deepEqual(await of(work), await of(undefined));
  }
  assert.equal(turned.length, 8);
});

Deno.test("a thread that is ended while it decodes is an error of what is added next", async () => {
  const reading = new ReadingThreads(1, 0);
  const work = reading.decodeWork(1);
  const decoded = new DecodedRows({ sets: SETS, decoding: { sae: SAE, decoder: DECODER }, work });
  await decoded.add({ first: 0, count: 1, questions: 3, values: Float32Array.of(1, 0, 0) });
  reading[Symbol.dispose]();
  const next = { first: 1, count: 1, questions: 3, values: Float32Array.of(2, 0, 0) };
  await assert.rejects(decoded.add(next), /the pool of threads was closed/);
  await assert.rejects(decoded.counts(), /the pool of threads was closed/);
});

Deno.test("DecodedRows reads no direction that no state has", async () => {
  const rows = { width: 1, read: () => Promise.reject(new Error("read")) };
  const decoder = {
    ...decoderOf({ weight: new Float32Array(2), bias: new Float32Array(1) }),
    rows,
  };
  const decoded = new DecodedRows({
    sets: [2],
    decoding: { sae: { width: 1, input: [] }, decoder },
  });
  await decoded.add({ first: 0, count: 2, questions: 2, values: new Float32Array(4) });
  await assert.rejects(
    decoded.add({ first: 0, count: 1, questions: 2, values: Float32Array.of(0, 1) }),
    /read/,
  );
});
