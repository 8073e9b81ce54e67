/** Threads that share the encoding of several SAEs: what comes of it, and what of an SAE that is damaged. */
import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { analyzeGroupings } from "../../lib/analysis/run.ts";
import { watchWork } from "../../lib/base/work_log.ts";
import { type ComputeDevice, openDevice } from "../../lib/compute/device.ts";
import type { LayerResult } from "../../lib/results/layer_result.ts";
import { encodingThreadCount } from "../../lib/sae/encode/encoding_threads.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import {
  questionLines,
  supervisedSae,
  tinyOptions,
  tinyRun,
  writeTinyInputs,
} from "../support/tiny_analysis.ts";

/** Just large enough for threads: 1,200 questions, 16,036 features of width 260. */
const [PER_RELATION, WIDTH, FREE] = [200, 260, 16_030] as const;
const LAYERS = [0, 1, 2] as const;

/** Writes the inputs. */
function writeLargeInputs(
  directory: TemporaryDirectory,
  lines: readonly string[] = questionLines(PER_RELATION),
): void {
  const sae = supervisedSae({ free: FREE, width: WIDTH });
  writeTinyInputs(directory, {
    model: { config: { n_embd: WIDTH, n_inner: 300, n_layer: 3 } },
    layers: LAYERS,
    sae: () => sae,
    lines,
  });
}

/** Analyses them on so many cores. Tells what there was before it failed, if it does. */
async function analyzeOn(
  directory: TemporaryDirectory,
  threads: number,
  { layers = LAYERS, statistics = false }: { layers?: readonly number[]; statistics?: boolean } =
    {},
): Promise<{ results: LayerResult[]; encoded: string[]; passes: number; failure?: unknown }> {
  const options = { layers, samplesPerRelation: PER_RELATION };
  const plan = await planAnalysis(tinyOptions(directory, options));
  using opened = await openDevice("cpu");
  const device: ComputeDevice = { ...opened, runtime: { ...opened.runtime, threads } };
  const encoded = new Set<string>();
  let passes = 0;
  using _watching = watchWork(({ kind, thread }) => {
    if (kind === "encode" && thread !== "") encoded.add(thread);
    if (kind === "language model" && thread === "") passes++;
  });
  const results: LayerResult[] = [];
  try {
    for await (const result of analyzeLayers(plan, device, { statistics })) results.push(result);
    return { results, encoded: [...encoded].toSorted(), passes };
  } catch (failure) {
    return { results, encoded: [...encoded].toSorted(), passes, failure };
  }
}

Deno.test("analyzeLayers() gives the same bytes where threads share the encoding, from one pass of the model", async () => {
  using directory = new TemporaryDirectory();
  writeLargeInputs(directory);
  const alone = await analyzeOn(directory, 1);
  const shared = await analyzeOn(directory, 2);
  assert.deepEqual(alone.encoded, []);
  assert.deepEqual(shared.encoded, ["encode worker 1", "encode worker 2"]);
  assert.equal(shared.passes, 1);
  assert.deepEqual(shared.results.map(({ record }) => record.layer), LAYERS);
  assert.deepEqual(shared.results, alone.results);
});

Deno.test("analyzeLayers() measures the same of each feature where threads share the encoding, which they do from four cores on", async () => {
  using directory = new TemporaryDirectory();
  writeLargeInputs(directory);
  const how = { layers: LAYERS.slice(0, 2), statistics: true };
  const alone = await analyzeOn(directory, 2, how);
  assert.deepEqual(alone.encoded, []);
  assert.equal(alone.results[0]!.selectivity!.measures.auroc.length, 6 * (FREE + 6));
  const shared = await analyzeOn(directory, 4, how);
  assert.deepEqual(shared.encoded, ["encode worker 1", "encode worker 2"]);
  assert.deepEqual(shared.results, alone.results);
});

Deno.test("analyzeLayers() gives the results before an SAE that is damaged, also where threads share the encoding", async () => {
  using directory = new TemporaryDirectory();
  writeLargeInputs(directory);
  const damaged = supervisedSae({ free: FREE, width: WIDTH, bias: NaN });
  const path = directory.write("sae/layer1/sae_best.pt", damaged);
  const { results, failure } = await analyzeOn(directory, 2);
  assert.deepEqual(results.map(({ record }) => record.layer), [0]);
  await assert.rejects(Promise.reject(failure), inputErrorNaming(path, "encoder.bias"));
});

Deno.test("several groupings share the threads that encode, too", async () => {
  using directory = new TemporaryDirectory();
  const labels = ["a", "b", "c", "d", "e", "f"];
  const fields = ["first", "second"];
  writeLargeInputs(
    directory,
    Array.from({ length: labels.length * PER_RELATION }, (_, i) =>
      JSON.stringify({
        text: `What is it of person ${i}?`,
        first: labels[i % labels.length],
        second: labels[(i + Math.floor(i / labels.length)) % labels.length],
      })),
  );
  const run = tinyRun(directory, { layers: [0, 1], samplesPerRelation: PER_RELATION });
  let started = 0;
  using _watching = watchWork(({ kind, thread }) => {
    if (kind === "start" && thread.startsWith("encode worker")) started++;
  });
  await analyzeGroupings({
    ...run,
    prompts: { textField: "text", labelFields: fields, labelOrders: fields.map(() => labels) },
  });
  assert.equal(started, encodingThreadCount(navigator.hardwareConcurrency));
});
