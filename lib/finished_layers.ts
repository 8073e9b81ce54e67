/**
 * Which layers need not be analysed again.
 *
 * @module
 */
import type { AnalysisPlan } from "./analysis_plan.ts";
import type { ComputeDevice } from "./compute/device.ts";
import { exists } from "./files/byte_source.ts";
import { layerRecordOf, provenanceOf } from "./provenance.ts";
import { layerPath } from "./results/file_names.ts";
import { isFinished } from "./results/finished.ts";
import { loadDecoder, loadSae } from "./sae/sae_checkpoint.ts";

/**
 * The layers of a plan of which a directory holds, undamaged, the very numbers that the analysis
 * would give: same inputs, options, versions and device.
 *
 * @throws {InputError} If an SAE is damaged.
 */
export async function finishedLayers(
  plan: AnalysisPlan,
  device: ComputeDevice,
  directory: string,
): Promise<Set<number>> {
  const provenance = provenanceOf(plan, device);
  const finished = new Set<number>();
  for (const checkpoint of plan.checkpoints) {
    const { layer, path } = checkpoint;
    if (!await exists(layerPath(directory, layer, "analysis.json"))) continue;
    const loaded = await loadSae(path);
    const decoder = await loadDecoder(path);
    const expected = layerRecordOf(plan, { provenance, checkpoint, loaded, decoder });
    if (await isFinished(directory, expected)) finished.add(layer);
  }
  return finished;
}
