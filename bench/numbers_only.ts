/**
 * The analysis without its pictures, for the comparison with a program that draws none:
 *
 *     deno run … bench/numbers_only.ts LM_DIR SAE_DIR QUESTIONS OUTPUT_DIR PER_RELATION DEVICE [statistics]
 *
 * With `statistics` each feature is measured, and the table of all is written.
 *
 * It prints the seconds of its phases as JSON, named as those of the other programs: `import` is the start of
 * Deno and its modules, `load` what is read before the language model runs.
 *
 * @module
 */
import { analyzeLayers } from "../lib/analysis/layers.ts";
import type { DeviceRequest } from "../lib/compute/device.ts";
import { prepareDirectory } from "../lib/files/output_directory.ts";
import { PhaseClock, SILENT } from "../lib/base/observer.ts";
import { KeptTails } from "../lib/analysis/statistics/kept_tails.ts";
import type { LayerName } from "../lib/results/layer_name.ts";
import { writeSelectivity } from "../lib/results/selectivity_files.ts";
import { writeSelectivityTable } from "../lib/results/selectivity_table.ts";
import { writeLayerResult } from "../lib/results/write_layer.ts";
import { openJob } from "./open_job.ts";

if (import.meta.main) {
  const [lmModel, saeDirectory, questionFile, outputDirectory, perRelation, device, also] = Deno
    .args as [string, string, string, string, string, DeviceRequest, string?];
  const started = performance.now() / 1000;
  const clock = new PhaseClock(SILENT);
  clock.phase("load");
  using open = await openJob({
    lm: lmModel,
    saes: saeDirectory,
    questions: questionFile,
    perRelation: Number(perRelation),
    layers: "all",
  }, device);
  const { plan, reading, look } = open;
  using _directory = await prepareDirectory(outputDirectory);
  const statistics = also === "statistics";
  const run = { scratchDirectory: outputDirectory, observer: clock, statistics, reading, look };
  const [layers, tails] = [[] as LayerName[], new KeptTails()];
  for await (const layer of analyzeLayers(plan, open.device, run)) {
    const { record, selectivity } = layer;
    await writeLayerResult(outputDirectory, layer);
    if (selectivity) await writeSelectivity(outputDirectory, record.layer, selectivity);
    tails.keep(layer);
    layers.push(record.layer);
  }
  if (statistics) {
    clock.phase("statistics of all layers");
    await writeSelectivityTable(outputDirectory, layers, { known: tails.known });
  }
  clock.stop();
  console.log(JSON.stringify({ import: started, ...clock.seconds }));
}
