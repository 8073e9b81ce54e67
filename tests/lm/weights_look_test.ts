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

Deno.test("a pass takes what a look has seen, and gives the same states", async () => {
  using directory = new TemporaryDirectory();
  const { model, sites, prompts } = await tiny(directory);
  using device = await openDevice("cpu");
  const { runtime } = device;
  using look = WeightsLook.begin(model, sites, "cpu", { least: 0 });
  using plain = await collectHiddenStates(model, prompts, { sites, runtime });
  using looked = await collectHiddenStates(model, prompts, { sites, runtime, look });
  for (const site of sites) {
    const rows = [plain, looked].map((store) => store.at(site).read(0, prompts.length));
    assert.deepEqual(rows[0], rows[1]);
  }
});

Deno.test("a pass believes a look: weights that are too large for float32 are refused", async () => {
  using directory = new TemporaryDirectory();
  const { model, sites, prompts } = await tiny(directory);
  using device = await openDevice("cpu");
  const { runtime } = device;
  using look = WeightsLook.begin(model, sites, "cpu", { least: 0 });
  const seen = look!.seen.then((weights) =>
    new Map(weights.entries().map(([name, scanned]) => [name, { ...scanned, greatest: 1e30 }]))
  );
  const huge = Object.assign(Object.create(look!), { seen });
  await assert.rejects(
    collectHiddenStates(model, prompts, { sites, runtime, look: huge }),
    /too large for float32/,
  );
});
