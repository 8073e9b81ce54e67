import assert from "node:assert/strict";
import { type AnalysisPlan, planAnalysis } from "../../lib/analysis/plan/plan.ts";
import type { PlannedSae } from "../../lib/analysis/plan/planned_sae.ts";
import { RunResources } from "../../lib/analysis/run_resources.ts";
import { watchWork, type WorkSpan } from "../../lib/base/work_log.ts";
import { SILENT } from "../../lib/base/observer.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { ReadingThreads } from "../../lib/reading/reading_threads.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { supervisedSae, tinyOptions, writeTinyInputs } from "../support/tiny_analysis.ts";

async function planOf(directory: TemporaryDirectory): Promise<AnalysisPlan> {
  writeTinyInputs(directory, { layers: [0, 1, 2] });
  return await planAnalysis(tinyOptions(directory, { layers: [0, 1, 2] }));
}

Deno.test("RunResources run the language model once, when its states are asked for", async () => {
  using directory = new TemporaryDirectory();
  const plan = await planOf(directory);
  const phases: (string | number)[][] = [];
  const observer = {
    ...SILENT,
    phase: (...phase: (string | number | undefined)[]) => phases.push(phase.map((each) => each!)),
  };
  using device = await openDevice("cpu");
  await using run = new RunResources(plan, device, { observer });
  assert.deepEqual(phases, []);
  const states = await run.states();
  assert.equal(await run.states(), states);
  assert.deepEqual(phases, [["language model", 12, "questions"], ["SAEs", 3, "layers"]]);
});

Deno.test("RunResources keep the states of what is computed, and of the deepest site", async () => {
  using directory = new TemporaryDirectory();
  const plan = await planOf(directory);
  const [first, second, deepest] = plan.checkpoints.map(({ site }) => site);
  using device = await openDevice("cpu");
  await using all = new RunResources(plan, device);
  await using some = new RunResources(plan, device, { except: new Set([0, 2]) });
  const states = await some.states();
  assert.throws(() => states.at(first!), /no states of pre 0/);
  for (const site of [second!, deepest!]) {
    assert.deepEqual(states.at(site).read(0, 12), (await all.states()).at(site).read(0, 12));
  }
});

Deno.test("RunResources read the next SAE ahead, and throw of it when its turn comes", async () => {
  using directory = new TemporaryDirectory();
  const plan = await planOf(directory);
  const [first, second] = plan.checkpoints;
  directory.write("sae/layer1/sae_best.pt", supervisedSae({ bias: 1 }));
  using device = await openDevice("cpu");
  await using run = new RunResources(plan, device);
  await run.states();
  assert.equal((await run.saes.partsOf(first!).loaded).sae.featureCount, 11);
  await assert.rejects(
    run.saes.partsOf(second!).loaded,
    inputErrorNaming("layer1/sae_best.pt", "was changed while it was in use"),
  );
});

Deno.test("RunResources start the threads that measure before all states are there", async () => {
  using directory = new TemporaryDirectory();
  const plan = await planOf(directory);
  using device = await openDevice("cpu");
  const spans: WorkSpan[] = [];
  const { promise: isReady, resolve } = Promise.withResolvers<WorkSpan>();
  using _watching = watchWork((span) => {
    spans.push(span);
    if (span.thread === "selectivity worker 1" && span.kind === "start") resolve(span);
  });
  await using run = new RunResources(plan, device, { statistics: true });
  await run.states(); // nothing is measured yet
  const { start } = await isReady;
  const model = spans.find(({ kind }) => kind === "language model")!;
  assert(model.start < start && start < model.end);
});

Deno.test("RunResources begin to read the first SAE before all states are there", async () => {
  using directory = new TemporaryDirectory();
  const events: string[] = [];
  const { checkpoints, ...plan } = await planOf(directory);
  const watched = checkpoints.map((planned): PlannedSae => ({
    ...planned,
    read(how) {
      events.push(`read ${planned.layer}`);
      return planned.read(how);
    },
  }));
  const observer = { ...SILENT, phase: (name: string) => events.push(name) };
  using reading = new ReadingThreads(1);
  using device = await openDevice("cpu");
  const options = { observer, reading };
  await using run = new RunResources({ ...plan, checkpoints: watched }, device, options);
  await run.states();
  assert.deepEqual(events, ["language model", "read 0", "SAEs"]);
  const { loaded, decoder } = run.saes.partsOf(watched[0]!);
  assert.equal((await loaded).sae.featureCount, 11);
  assert.equal((await decoder).error, undefined, "it has no decoder");
  assert.deepEqual(events.slice(3), ["read 1"], "it is not read again");
});

Deno.test("RunResources read as many of the first SAEs ahead as there are threads that read", async () => {
  using directory = new TemporaryDirectory();
  const { checkpoints, ...plan } = await planOf(directory);
  for (const [threads, expected] of [[2, [0, 1]], [1, [0]], [0, [0]]] as const) {
    const read: (string | number)[] = [];
    const watched = checkpoints.map((planned): PlannedSae => ({
      ...planned,
      read: (how) => (read.push(planned.layer), planned.read(how)),
    }));
    using reading = new ReadingThreads(threads);
    using device = await openDevice("cpu");
    await using run = new RunResources({ ...plan, checkpoints: watched }, device, { reading });
    run.saes.readFirst();
    assert.deepEqual(read, expected);
    await run.states();
    for (const each of watched) await run.saes.partsOf(each).loaded;
    assert.deepEqual(read, [0, 1, 2], "each is read once");
  }
});

Deno.test("RunResources count the sites that are done", async () => {
  using directory = new TemporaryDirectory();
  const done: number[] = [];
  const observer = { ...SILENT, progress: (count: number) => done.push(count) };
  using device = await openDevice("cpu");
  const plan = await planOf(directory);
  await using run = new RunResources(plan, device, { observer });
  for (const planned of plan.checkpoints.slice(0, 2)) run.siteIsDone(planned);
  assert.deepEqual(done, [1, 2]);
});
