/**
 * The whole analysis in memory: from a plan to the numbers of every layer.
 *
 * @module
 */
import { SILENT } from "../base/observer.ts";
import type { ComputeDevice } from "../compute/device.ts";
import type { LayerResult } from "../results/layer_result.ts";
import { beginLayer, type BegunLayer } from "./layer.ts";
import type { AnalysisPlan } from "./plan/plan.ts";
import type { PlannedSae } from "./plan/planned_sae.ts";
import type { AnalysisRun } from "./run_options.ts";
import { RunResources } from "./run_resources.ts";
import { judgeTrial } from "./sae_trial.ts";

/**
 * Runs the language model once, and then encodes layer after layer. A GPU that is lost meanwhile is
 * opened again.
 *
 * @returns The results, layer by layer in ascending order.
 * @throws {InputError} If a weight is missing, damaged or not finite, an SAE that is not AlignSAE's does
 * not belong to the states and is not forced, a file of a result that lies there is damaged, or the
 * device fails; the results before are given first.
 *
 * @example
 * ```ts
 * import { analyzeLayers, openDevice, planAnalysis, topFeatures } from "@coact/coact";
 *
 * const plan = await planAnalysis({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 * });
 * using device = await openDevice("auto");
 * for await (const { record, means } of analyzeLayers(plan, device)) {
 *   const ofTheFirstRelation = means.subarray(0, record.freeCount);
 *   console.log(`layer ${record.layer}: its strongest features are`, topFeatures(ofTheFirstRelation, 5));
 * }
 * ```
 */
export async function* analyzeLayers(
  plan: AnalysisPlan,
  device: ComputeDevice,
  run: AnalysisRun = {},
): AsyncGenerator<LayerResult> {
  const { observer = SILENT, except, reuse } = run;
  await using resources = new RunResources(plan, device, run);
  // All of them, before anything is made of one.
  for (const planned of resources.computed) {
    judgeTrial(planned, await resources.trialOf(planned), plan.options.forceSae, observer);
  }
  const isThere = ({ layer }: PlannedSae) => reuse?.layers.has(layer) === true;
  const wanted = plan.checkpoints.filter(({ layer }) => except?.has(layer) !== true);
  if (wanted.some(isThere)) observer.phase("pictures of what is there already");
  // While one is checked, the next ones are encoded.
  const { encodedAtOnce } = resources;
  const begun: Promise<BegunLayer>[] = []; // those whose results were not given yet
  try {
    for (const planned of wanted) {
      const before = begun.length < encodedAtOnce ? undefined : begun[0];
      await before; // one less is encoded now
      const layer = beginLayer(resources, planned, isThere(planned) ? reuse!.directory : undefined);
      layer.catch(() => {}); // it is thrown when its turn comes
      begun.push(layer);
      if (before === undefined) continue;
      yield await (await before).result;
      begun.shift();
    }
    while (begun.length > 0) yield await (await begun.shift()!).result;
  } finally {
    await Promise.allSettled(begun); // what they use is given back after them
  }
}
