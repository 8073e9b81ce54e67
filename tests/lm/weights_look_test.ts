import assert from "node:assert/strict";
import { planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { collectHiddenStates } from "../../lib/lm/hidden_states.ts";
import { WeightsLook } from "../../lib/lm/weights_look.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { tinyOptions, writeTinyInputs } from "../support/tiny_analysis.ts";

async function tiny(directory: TemporaryDirectory) {
  writeTinyInputs(directory, { layers: [0, 1, 2] });
  const plan = await planAnalysis(tinyOptions(directory, { layers: [0, 1, 2] }));
  return { ...plan, sites: plan.checkpoints.map(({ site }) => site) };
}

Deno.test("WeightsLook begins where native code will run, and a thread is worth it", async () => {
  using directory = new TemporaryDirectory();
  const { model, sites } = await tiny(directory);
  using small = WeightsLook.begin(model, sites, "cpu");
  using large = WeightsLook.begin(model, sites, "cpu", { least: 0, most: 1 });
  using wasm = WeightsLook.begin(model, sites, "wasm", { least: 0 });
  assert.deepEqual([small, large, wasm], [undefined, undefined, undefined]);
  for (const device of ["cpu", "gpu", "auto"] as const) {
    using look = WeightsLook.begin(model, sites, device, { least: 0 });
    const seen = await look!.seen;
    assert(seen.size > 0 && seen.values().every(({ greatest }) => Number.isFinite(greatest)));
  }
});

/** A pass over the tiny model that takes what was seen of its weights, or looks itself. */
async function pass(
  { model, sites, prompts }: Awaited<ReturnType<typeof tiny>>,
  look?: Pick<WeightsLook, "seen">,
): Promise<Float32Array[]> {
  using device = await openDevice("cpu");
  const { runtime } = device;
  using states = await collectHiddenStates(model, prompts, { sites, runtime, look });
  return sites.map((site) => states.at(site).read(0, prompts.length));
}

Deno.test("a pass takes what a look has seen, and gives the same states", async () => {
  using directory = new TemporaryDirectory();
  const plan = await tiny(directory);
  using look = WeightsLook.begin(plan.model, plan.sites, "cpu", { least: 0 });
  assert.deepEqual(await pass(plan, look), await pass(plan));
});

Deno.test("a pass believes a look: weights that are too large for float32 are refused", async () => {
  using directory = new TemporaryDirectory();
  const plan = await tiny(directory);
  using look = WeightsLook.begin(plan.model, plan.sites, "cpu", { least: 0 });
  const weights = await look!.seen;
  const huge = weights.entries().map(([name, scanned]) =>
    [name, { ...scanned, greatest: 1e30 }] as const
  );
  const seen = Promise.resolve(new Map(huge));
  await assert.rejects(pass(plan, { seen }), /too large for float32/);
});
