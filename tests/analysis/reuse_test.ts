import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { type AnalysisOptions, planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { reusableLayers } from "../../lib/analysis/reuse.ts";
import { SILENT } from "../../lib/base/observer.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import type { LayerName } from "../../lib/results/layer_name.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { supervisedSae, tinyOptions, writeTinyInputs } from "../support/tiny_analysis.ts";

function optionsOf(directory: TemporaryDirectory): AnalysisOptions {
  return tinyOptions(directory, { layers: [0, 1] });
}

/** Analyses layers 0 and 1, changes something, and asks which of them are used again. */
async function askAfter(
  change: (directory: TemporaryDirectory) => void,
  options: Partial<AnalysisOptions> = {},
): Promise<{ layers: LayerName[]; notes: string[] }> {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [0, 1] });
  Deno.mkdirSync(`${directory.path}/results`);
  using device = await openDevice("cpu");
  const before = await planAnalysis(optionsOf(directory));
  for await (const result of analyzeLayers(before, device)) {
    await writeLayerResult(`${directory.path}/results`, result);
  }
  change(directory);
  const notes: string[] = [];
  const observer = { ...SILENT, note: (message: string) => notes.push(message) };
  const plan = await planAnalysis({ ...optionsOf(directory), ...options });
  const reusable = await reusableLayers(plan, device, `${directory.path}/results`, observer);
  return {
    layers: [...reusable],
    notes: notes.map((note) => note.replaceAll(`${directory.path}/`, "")),
  };
}

Deno.test("reusableLayers() are none where nothing has been analysed, and nothing is said of it", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [0, 1] });
  using device = await openDevice("cpu");
  const plan = await planAnalysis(optionsOf(directory));
  const notes: string[] = [];
  const observer = { ...SILENT, note: (message: string) => notes.push(message) };
  const found = await reusableLayers(plan, device, `${directory.path}/results`, observer);
  assert.deepEqual([[...found], notes], [[], []]);
});

Deno.test("reusableLayers() are those whose results are there, of the same", async () => {
  assert.deepEqual(await askAfter(() => {}), {
    layers: [0, 1],
    notes: [
      "layers 0, 1: the results are there already, of the same inputs and options, and are not " +
      "computed again",
    ],
  });
});

Deno.test("reusableLayers() are none after a change of an option, and the reason is said once", async () => {
  assert.deepEqual(await askAfter(() => {}, { threshold: 0.5 }), {
    layers: [],
    notes: ["layers 0, 1 are computed again: activation threshold 0.1 before, 0.5 now"],
  });
});

Deno.test("reusableLayers() leave out a layer whose SAE is another one", async () => {
  const { layers, notes } = await askAfter(({ path }) =>
    Deno.writeFileSync(`${path}/sae/layer1/sae_best.pt`, supervisedSae({ bias: 1 }))
  );
  assert.deepEqual(layers, [0]);
  assert.equal(notes[0], "layer 1 is computed again: another encoder in the SAE's checkpoint");
});

for (
  const [what, damage, reason] of [
    ["missing", (path: string) => Deno.removeSync(path), "is missing"],
    [
      "changed by a byte",
      (path: string) => {
        const bytes = Deno.readFileSync(path);
        bytes[bytes.length - 1]! ^= 1;
        Deno.writeFileSync(path, bytes);
      },
      "is not as it was written",
    ],
  ] as const
) {
  Deno.test(`reusableLayers() leave out a layer of which a file is ${what}`, async () => {
    const file = "results/layer00_consistency.npy";
    const { layers, notes } = await askAfter(({ path }) => damage(`${path}/${file}`));
    assert.deepEqual(layers, [1]);
    assert.equal(notes[0], `layer 0 is computed again: ${file} ${reason}`);
  });
}

Deno.test("reusableLayers() leave out a layer whose record cannot be read", async () => {
  const { layers, notes } = await askAfter(({ path }) =>
    Deno.writeTextFileSync(`${path}/results/layer00_analysis.json`, "{")
  );
  assert.deepEqual(layers, [1]);
  assert.match(notes[0]!, /^layer 0 is computed again: results\/layer00_analysis\.json/);
});
