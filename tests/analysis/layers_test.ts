/** The whole analysis against the reference's own outputs, on every backend. */
import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { type DeviceRequest, openDevice } from "../../lib/compute/device.ts";
import type { LayerResult } from "../../lib/results/layer_result.ts";
import { expectsGpu } from "../support/gpu.ts";
import {
  compareWithReference,
  KINDS,
  referenceOptions,
  type SaeKind,
} from "../support/reference_numbers.ts";
import { openScratchFiles } from "../support/scratch_files.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/**
 * On a GPU made of software the language model is slow: it runs two blocks for supervised SAEs, and
 * all of them in the soak; SAEs of the other kind are encoded at the first layer, which needs no block.
 */
function layersOn(device: DeviceRequest, kind: SaeKind): readonly number[] {
  if (device !== "gpu") return KINDS[kind].layers;
  return kind === "supervised" ? [0, 1, 2] : [0];
}

for (const device of ["cpu", "wasm", "gpu"] as const) {
  for (const kind of ["supervised", "traditional"] as const) {
    Deno.test({
      name: `analyzeLayers() gives the reference's numbers on ${device}, ${kind} SAEs`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        const results = await analyzeAll(device, kind);
        assert.deepEqual(results.map(({ record }) => record.layer), layersOn(device, kind));
        await compareWithReference(results, kind, device);
      },
    });
  }
}

for (const device of ["cpu", "wasm", "gpu"] as const) {
  Deno.test({
    name: `analyzeLayers() gives the same bytes twice on ${device}, also of some of the layers`,
    ignore: device === "gpu" && !expectsGpu,
    fn: async () => {
      assert.deepEqual(
        await analyze(device, "supervised", someOn(device)),
        await someOfAll(device),
      );
    },
  });
}

Deno.test("analyzeLayers() gives the same bytes when the hidden states lie in a file", async () => {
  using directory = new TemporaryDirectory();
  const run = { scratchDirectory: directory.path, maxStateBytes: 0 };
  const plan = await planAnalysis(referenceOptions("supervised", someOn("cpu")));
  using opened = await openDevice("cpu");
  const results: LayerResult[] = [];
  for await (const result of analyzeLayers(plan, opened, run)) {
    assert.equal(openScratchFiles(directory.path) ?? 1, 1, "there is no file");
    results.push(result);
  }
  assert.deepEqual([...Deno.readDirSync(directory.path)], []);
  assert.deepEqual(results, await someOfAll("cpu"));
});

/** The first layer, one in between where that is cheap, and the last: what is analysed again. */
function someOn(device: DeviceRequest): readonly number[] {
  return device === "gpu" ? [0, 2] : [0, 5, 11];
}

/** All layers, analysed once for all tests. */
const analyzed = new Map<string, Promise<LayerResult[]>>();

function analyzeAll(device: DeviceRequest, kind: SaeKind): Promise<LayerResult[]> {
  const key = `${device} ${kind}`;
  if (!analyzed.has(key)) analyzed.set(key, analyze(device, kind, layersOn(device, kind)));
  return analyzed.get(key)!;
}

/** What was found of some layers when all were analysed; which were asked for is the one difference. */
async function someOfAll(device: DeviceRequest): Promise<LayerResult[]> {
  const all = structuredClone(await analyzeAll(device, "supervised"));
  const asked = someOn(device);
  const some = all.filter(({ record: { layer } }) => asked.includes(layer as number));
  for (const { record: { provenance: { options } } } of some) options.layers = asked.join(",");
  return some;
}

async function analyze(
  device: DeviceRequest,
  kind: SaeKind,
  layers: readonly number[],
): Promise<LayerResult[]> {
  const plan = await planAnalysis(referenceOptions(kind, layers));
  using opened = await openDevice(device);
  return await Array.fromAsync(analyzeLayers(plan, opened));
}
