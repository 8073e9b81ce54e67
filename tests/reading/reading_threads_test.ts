import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { type AnalysisPlan, planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { readingThreadCount, ReadingThreads } from "../../lib/reading/reading_threads.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { FileSource } from "../../lib/files/byte_source.ts";
import { hashFile } from "../../lib/files/hash_file.ts";
import type { EncodeInput } from "../../lib/sae/encode/encoder.ts";
import { OrtEncoder } from "../../lib/sae/encode/ort_encoder.ts";
import { expectsGpu } from "../support/gpu.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { supervisedSae, writeTinyInputs } from "../support/tiny_analysis.ts";

/** What is to be read by threads, however short it is. */
const ALL = 0;

async function planOf(directory: TemporaryDirectory): Promise<AnalysisPlan> {
  const layers = [0, 1, 2, 3];
  writeTinyInputs(directory, {
    layers,
    sae: (layer) => layer === 1 ? supervisedSae() : supervisedSae({ decoder: 0.1 * layer }),
  });
  const { path } = directory;
  return await planAnalysis({
    lmModel: `${path}/lm`,
    saeDirectory: `${path}/sae`,
    questionFile: `${path}/questions.jsonl`,
    layers,
    samplesPerRelation: 2,
    threshold: 0.1,
  });
}

for (const [kind, sizes] of [["cpu", [1, 3]], ["gpu", [1]]] as const) {
  Deno.test({
    name:
      `layers are the same bytes, read and checked here or by ${sizes.join()} threads, on ${kind}`,
    ignore: kind === "gpu" && !expectsGpu,
    fn: async () => {
      using directory = new TemporaryDirectory();
      const plan = await planOf(directory);
      using device = await openDevice(kind);
      const analyze = async (size: number) => {
        using reading = new ReadingThreads(size, ALL);
        return await Array.fromAsync(analyzeLayers(plan, device, { reading }));
      };
      const here = await analyze(0);
      assert.equal(here.length, 4);
      assert.equal(here[1]!.record.unexplained_variance, null, "layer 1 has no decoder");
      assert(here[2]!.record.unexplained_variance! > 0);
      for (const size of sizes) assert.deepEqual(await analyze(size), here);
    },
  });
}

Deno.test("a thread hashes the file that is open, or leaves it to whoever has opened it", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("a.bin", "some bytes");
  using reading = new ReadingThreads(1, ALL);
  using source = await FileSource.open(path);
  const expected = await hashFile(path);
  assert.equal(await reading.hash(source), expected);
  Deno.removeSync(path); // another file is at the path, and the first one is open all the same
  directory.write("a.bin", "other bytes");
  assert.equal(await reading.hash(source), expected);
});

Deno.test("what a thread finds damaged is named as it is here", async () => {
  using directory = new TemporaryDirectory();
  const plan = await planOf(directory);
  const bytes = supervisedSae({ bias: NaN });
  directory.write("sae/layer2/sae_best.pt", bytes);
  const messages: string[] = [];
  for (const size of [0, 1]) {
    using reading = new ReadingThreads(size, ALL);
    const { path, shape } = plan.checkpoints[2]!;
    const { loaded, decoder } = reading.checkpoint(path, shape, [], true);
    for (const part of [loaded, decoder]) {
      await assert.rejects(part, (error: Error) => {
        messages.push(error.message);
        return inputError(/sae_best\.pt: tensor encoder\.bias holds NaN at position 0/)(error);
      });
    }
  }
  assert.equal(new Set(messages).size, 1);
});

Deno.test("a wrong sum is found by a thread, and named as it is here", async () => {
  const messages: string[] = [];
  for (const size of [0, 1]) {
    using directory = new TemporaryDirectory();
    const plan = await planOf(directory);
    using device = await openDevice("cpu");
    using reading = new ReadingThreads(size, ALL);
    using _ = wrongFrom(3);
    const results: unknown[] = [];
    await assert.rejects(async () => {
      for await (const result of analyzeLayers(plan, device, { reading })) results.push(result);
    }, (error: Error) => {
      messages.push(error.message.replaceAll(directory.path, ""));
      return /computes wrongly: in layer 2 .* the mean activation of feature 0/.test(error.message);
    });
    assert.equal(results.length, 2, "the layers before are given first");
  }
  assert.equal(messages[0], messages[1]);
});

/** Makes every encoding from one on wrong by one in its first sum. */
function wrongFrom(first: number): Disposable {
  let calls = 0;
  const { encode } = OrtEncoder.prototype;
  OrtEncoder.prototype.encode = async function (input: EncodeInput) {
    const encoded = await encode.call(this, input);
    if (++calls >= first) encoded.reductions.sums[0]! += 1;
    return encoded;
  };
  return { [Symbol.dispose]: () => void (OrtEncoder.prototype.encode = encode) };
}

Deno.test("threads that are ended are an error, not a hang", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("a.bin", "some bytes");
  using source = await FileSource.open(path);
  const reading = new ReadingThreads(1, ALL);
  const waiting = reading.hash(source);
  reading[Symbol.dispose]();
  await assert.rejects(waiting, /the pool of threads was closed/);
});

Deno.test("one thread reads on two cores, one of four on more, four at most, and none on one", () => {
  assert.deepEqual([1, 2, 3, 4, 8, 12, 16, 64].map((cores) => readingThreadCount(cores)), [
    ...[0, 1, 1, 1, 2, 3, 4, 4],
  ]);
});
