import assert from "node:assert/strict";
import { type AnalysisPlan, planAnalysis } from "../../lib/analysis/plan/plan.ts";
import type { ReadingRequest } from "../../lib/reading/reading.ts";
import {
  readSide,
  type SaeAnswer,
  type SaeRequest,
  sourceOf,
} from "../../lib/reading/reading_sae.ts";
import { ReadingThreads } from "../../lib/reading/reading_threads.ts";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import {
  threadedDecoder,
  threadedEncoder,
  type ThreadedSae,
} from "../../lib/reading/threaded_sae.ts";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { encodeAhead } from "../../lib/sae/encode/create_encoder.ts";
import { OrtEncoder } from "../../lib/sae/encode/ort_encoder.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { openSaeFiles } from "../../lib/sae/open_sae.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { tinyOptions, writeTinyInputs } from "../support/tiny_analysis.ts";
import { randomNumbers } from "../support/tiny_model.ts";
import { type TinySae, writeSaelens } from "../support/tiny_saes.ts";

/** What is to be read by threads, however short it is. */
const ALL = 0;

/** A tiny SAE, to be read by threads. */
async function tinySae(
  directory: TemporaryDirectory,
  threads: ReadingThreads,
  sae: TinySae = {},
): Promise<ThreadedSae> {
  writeSaelens(directory, "sae", sae);
  const options = {};
  const { opened, files } = await openSaeFiles(`${directory.path}/sae`, options);
  return { threads, opened, source: sourceOf(opened, files, options) };
}

Deno.test("a thread reads the encoder and the decoder that are read here", async () => {
  using directory = new TemporaryDirectory();
  using threads = new ReadingThreads(1, ALL);
  const sae = await tinySae(directory, threads);
  const [encoder, here] = [await threadedEncoder(sae), await sae.opened.read()];
  const { rows, ...rest } = encoder;
  const { rows: expected, ...others } = here;
  assert.deepEqual(rest, others);
  assert.deepEqual(await rows.read(2, 5), await expected.read(2, 5));
  const all = await expected.read(0, 12);
  assert.equal(rows.greatest, all.reduce((most, x) => Math.max(most, Math.abs(x)), 0));
  const decoder = (await threadedDecoder(sae))!;
  const right = (await sae.opened.readDecoder())!;
  for (const [first, count] of [[2, 5], [0, 12]] as const) {
    assert.deepEqual(await decoder.rows.read(first, count), await right.rows.read(first, count));
  }
  assert.deepEqual({ ...decoder, rows: 0 }, { ...right, rows: 0 });
});

async function planOf(directory: TemporaryDirectory): Promise<AnalysisPlan> {
  writeTinyInputs(directory, { layers: [] });
  for (const block of [0, 1, 2]) {
    writeSaelens(directory, `sae/${block}`, {
      hook: `blocks.${block}.hook_resid_post`,
      seed: block,
      config: block === 2 ? { architecture: "topk", k: 3 } : {},
    });
  }
  return await planAnalysis(tinyOptions(directory, { forceSae: true }));
}

Deno.test("sites are the same bytes, read here or by 1 or 3 threads", async () => {
  using directory = new TemporaryDirectory();
  const plan = await planOf(directory);
  using device = await openDevice("cpu");
  const analyze = async (size: number) => {
    using reading = new ReadingThreads(size, ALL);
    return await Array.fromAsync(analyzeLayers(plan, device, { reading }));
  };
  const here = await analyze(0);
  assert.equal(here.length, 3);
  for (const size of [1, 3]) assert.deepEqual(await analyze(size), here);
});

Deno.test("a thread holds top-k against all features, and names what is wrong as it is named here", async () => {
  const messages: string[] = [];
  for (const size of [0, 1]) {
    using directory = new TemporaryDirectory();
    using reading = new ReadingThreads(size, ALL);
    const config = { architecture: "topk", k: 3 };
    const sae = await threadedEncoder(await tinySae(directory, reading, { config }));
    const hidden = rowsInMemory(randomNumbers(8 * 5, 1), 8);
    const input = { hidden, groupSizes: [5], sae, threshold: 0 };
    assert.equal(reading.checks(input), size > 0);
    await using encoder = new OrtEncoder({ backend: "cpu", threads: 1 });
    const subject = { what: "layer 1", device: "the CPU" };
    const right = await encodeAhead(encoder, input, subject, reading);
    await right.check;
    const activation = { threshold: { k: 5, by: "value" } } as const;
    const wrong = {
      encode: () => encoder.encode({ ...input, sae: { ...sae, activation } }), // more than it says
    } as unknown as OrtEncoder;
    const checked = async () => await (await encodeAhead(wrong, input, subject, reading)).check;
    await assert.rejects(checked, (error: Error) => {
      messages.push(error.message);
      return /computes wrongly: in layer 1 .* features kept for question 2/.test(error.message);
    });
  }
  assert.equal(messages[0], messages[1]);
});

Deno.test("what a thread finds damaged, or another file, is named as it is here", async () => {
  for (
    const [change, message] of [
      ["NaN", "W_enc holds NaN at position 1,"],
      ["changed", "sae_weights\\.safetensors was changed while it was in use"],
      ["gone", "sae_weights\\.safetensors"],
    ] as const
  ) {
    const messages: string[] = [];
    for (const size of [0, 1]) {
      using directory = new TemporaryDirectory();
      using threads = new ReadingThreads(size, ALL);
      const encoder = new Float32Array(8 * 12).fill(0.5);
      if (change === "NaN") encoder[1] = NaN;
      const sae = await tinySae(directory, threads, { encoder });
      if (change === "changed") directory.write("sae/sae_weights.safetensors", "others");
      if (change === "gone") Deno.removeSync(`${directory.path}/sae/sae_weights.safetensors`);
      const read = async () => (await threadedEncoder(sae)).rows.read(0, 12);
      await assert.rejects(read, (error: Error) => {
        messages.push(error.message.replaceAll(directory.path, ""));
        return inputError(new RegExp(message))(error);
      });
    }
    assert.equal(messages[0], messages[1]);
  }
});

Deno.test("threads that end while they read an SAE are an error, not a hang", async () => {
  using directory = new TemporaryDirectory();
  const threads = new ReadingThreads(1, ALL);
  const sae = await tinySae(directory, threads);
  const waiting = [threadedEncoder(sae), threadedDecoder(sae)];
  threads[Symbol.dispose]();
  for (const each of waiting) await assert.rejects(each, /the pool of threads was closed/);
});

Deno.test("readSide() gives the rows that are asked for", async () => {
  using directory = new TemporaryDirectory();
  using threads = new ReadingThreads(0);
  const { source, opened } = await tinySae(directory, threads);
  const expected = (await opened.read()).rows;
  const { rows } = await readSide({ ...source, side: "encoder", range: { first: 3, count: 2 } });
  assert.deepEqual(rows, await expected.read(3, 2));
  const { what, rows: none, isWhole } = await readSide({ ...source, side: "decoder" });
  assert.deepEqual([what!.featureCount, none, isWhole], [12, undefined, true]);
});

/** A tiny SAE whose rows a thread, which is none, reads as those of a large one; and what it is asked. */
async function largeSae(directory: TemporaryDirectory) {
  using none = new ReadingThreads(0);
  const { opened, source } = await tinySae(directory, none);
  const [{ rows, ...encoder }, asked] = [await opened.read(), [] as unknown[]];
  const ask = async (_bytes: number, request: ReadingRequest): Promise<SaeAnswer> => {
    const { side, range, depth } = request as SaeRequest;
    asked.push([side, range, depth]);
    if (range === undefined) {
      return { what: encoder, isWhole: false, greatest: 1, isEvenlyRead: true, readsColumns: true };
    }
    return { rows: (await rows.read(range.first, range.count)).slice() };
  };
  return { sae: { threads: { ask }, opened, source }, rows, asked };
}

Deno.test("of an SAE that is too large for memory threads read the rows that are asked for, or columns", async () => {
  using directory = new TemporaryDirectory();
  const { sae, rows: expected, asked } = await largeSae(directory);
  const { rows } = await threadedEncoder(sae);
  assert.deepEqual([rows.greatest, rows.isEvenlyRead], [1, true]);
  const [range, depth] = [{ first: 3, count: 2 }, { first: 1, count: 4 }];
  const some = await rows.read(3, 2);
  assert.deepEqual(some, await expected.read(3, 2));
  rows.release!(some);
  assert.equal(some.length, 0, "it is nobody else's");
  await rows.readColumns!(range, depth);
  const encoder = (range?: object, depth?: object) => ["encoder", range, depth];
  assert.deepEqual(asked, [encoder(), encoder(range), encoder(range, depth)]);
});

Deno.test("what cannot be handed over is read by the thread that asks", async () => {
  using directory = new TemporaryDirectory();
  using none = new ReadingThreads(0);
  const { opened, source } = await tinySae(directory, none);
  const tied: ThreadedSae = {
    threads: { ask: () => Promise.resolve({ isTied: true }) },
    opened,
    source,
  };
  const { rows } = await threadedEncoder(tied);
  assert.deepEqual(await rows.read(0, 12), await (await opened.read()).rows.read(0, 12));
  assert.equal((await threadedDecoder(tied))!.featureCount, 12);
});
