/**
 * Which layers need not be analysed again.
 *
 * @module
 */
import type { AnalysisPlan } from "./plan.ts";
import type { ComputeDevice } from "../compute/device.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { layerRecordOf, provenanceOf } from "./provenance.ts";
import { layersOnDisk } from "../results/file_names.ts";
import { reasonsToCompute } from "../results/finished.ts";
import { loadDecoder, loadSae } from "../sae/formats/sae_checkpoint.ts";

/**
 * The layers of a plan of which a directory holds, undamaged, the very numbers that the analysis
 * would give: same inputs, options, versions and device.
 *
 * @param observer Told why other layers that are there are to be computed again.
 * @throws {InputError} If an SAE is damaged, or the directory cannot be listed.
 */
export async function finishedLayers(
  plan: AnalysisPlan,
  device: ComputeDevice,
  directory: string,
  observer: Observer = SILENT,
): Promise<Set<number>> {
  const provenance = provenanceOf(plan, device);
  const there = await layersOnDisk(directory);
  const finished = new Set<number>();
  const computedAgain = new Map<string, number[]>();
  for (const checkpoint of plan.checkpoints) {
    const { layer, path } = checkpoint;
    if (!there.includes(layer)) continue;
    const loaded = await loadSae(path);
    const decoder = await loadDecoder(path);
    const expected = layerRecordOf(plan, { provenance, checkpoint, loaded, decoder });
    const reasons = await reasonsToCompute(directory, expected);
    if (reasons.length === 0) finished.add(layer);
    else computedAgain.getOrInsert(reasons.join("; "), []).push(layer);
  }
  for (const [reason, layers] of computedAgain) {
    const which = layers.length === 1 ? "layer" : "layers";
    const are = layers.length === 1 ? "is" : "are";
    observer.note(`${which} ${layers.join(", ")} ${are} computed again: ${reason}`);
  }
  return finished;
}
