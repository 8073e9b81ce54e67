/**
 * The analysis without its pictures, for the comparison with a program that draws none:
 *
 *     deno run … bench/numbers_only.ts LM_DIR SAE_DIR QUESTIONS OUTPUT_DIR PER_RELATION DEVICE
 *
 * @module
 */
import { analyzeLayers } from "../lib/analysis/layers.ts";
import { planAnalysis } from "../lib/analysis/plan.ts";
import { workOf } from "../lib/analysis/work.ts";
import { type DeviceRequest, openDevice, prepareDevice } from "../lib/compute/device.ts";
import { prepareDirectory } from "../lib/files/output_directory.ts";
import { writeLayerResult } from "../lib/results/write_layer.ts";

if (import.meta.main) {
  const [lmModel, saeDirectory, questionFile, outputDirectory, perRelation, device] = Deno
    .args as [string, string, string, string, string, DeviceRequest];
  prepareDevice(device);
  const plan = await planAnalysis({
    lmModel,
    saeDirectory,
    questionFile,
    layers: "all",
    samplesPerRelation: Number(perRelation),
    threshold: 0.1,
  });
  using opened = await openDevice(device, workOf(plan));
  await prepareDirectory(outputDirectory);
  for await (const layer of analyzeLayers(plan, opened, { scratchDirectory: outputDirectory })) {
    await writeLayerResult(outputDirectory, layer);
  }
}
