import assert from "node:assert/strict";
import { beginLayer } from "../../lib/analysis/layer.ts";
import { planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { RunResources } from "../../lib/analysis/run_resources.ts";
import { SILENT } from "../../lib/base/observer.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import {
  supervisedSae,
  type TinyInputs,
  tinyOptions,
  writeTinyInputs,
} from "../support/tiny_analysis.ts";

/** A run of layer 1, which computes nothing yet, and what it will warn of. */
async function begin(directory: TemporaryDirectory, inputs: TinyInputs = {}) {
  writeTinyInputs(directory, { layers: [1], ...inputs });
  const plan = await planAnalysis(tinyOptions(directory, { layers: [1] }));
  const device = await openDevice("cpu");
  const [phases, warnings]: [string[], string[]] = [[], []];
  const observer = {
    ...SILENT,
    phase: (name: string) => phases.push(name),
    warn: (message: string) => warnings.push(message),
  };
  const run = new RunResources(plan, device, { observer });
  return { run, planned: plan.checkpoints[0]!, phases, warnings, device };
}

Deno.test("beginLayer() is the same computed and used again, and nothing is computed for that", async () => {
  using directory = new TemporaryDirectory();
  const results = `${directory.path}/results`;
  Deno.mkdirSync(results);
  const first = await begin(directory);
  using _device = first.device;
  await using run = first.run;
  const computed = await (await beginLayer(run, first.planned)).result;
  assert.deepEqual(first.phases, ["language model", "SAEs"]);
  await writeLayerResult(results, computed);

  const second = await begin(directory);
  using _other = second.device;
  await using again = second.run;
  const read = await (await beginLayer(again, second.planned, results)).result;
  assert.deepEqual(second.phases, []);
  const { record: { files_sha256: _, ...record }, ...arrays } = read;
  assert.deepEqual({ record, ...arrays }, computed);
});

Deno.test("beginLayer() warns of an SAE that explains nothing, computed and used again", async () => {
  using directory = new TemporaryDirectory();
  const results = `${directory.path}/results`;
  Deno.mkdirSync(results);
  const inputs = { sae: () => supervisedSae({ decoder: 100 }) };
  const first = await begin(directory, inputs);
  using _device = first.device;
  await using run = first.run;
  await writeLayerResult(results, await (await beginLayer(run, first.planned)).result);
  const second = await begin(directory, inputs);
  using _other = second.device;
  await using again = second.run;
  await (await beginLayer(again, second.planned, results)).result;
  assert.equal(first.warnings.length, 1);
  assert.match(first.warnings[0]!, /^layer 1: .*sae_best\.pt .*unexplained variance .*belong/);
  assert.deepEqual(second.warnings, first.warnings);
});

Deno.test("beginLayer() refuses an SAE that is another one since the plan was made", async () => {
  using directory = new TemporaryDirectory();
  const { run, planned, device } = await begin(directory);
  using _device = device;
  await using _run = run;
  directory.write("sae/layer1/sae_best.pt", supervisedSae({ free: 6 }));
  await assert.rejects(
    beginLayer(run, planned),
    inputErrorNaming("layer1/sae_best.pt", "was changed while it was in use"),
  );
});
