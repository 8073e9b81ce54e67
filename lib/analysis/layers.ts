/**
 * The whole analysis in memory: from a plan to the numbers of every layer.
 *
 * @module
 */
import type { ComputeDevice } from "../compute/device.ts";
import { layersInOrder } from "./layer.ts";
import type { AnalysisPlan } from "./plan/plan.ts";
import type { LayerResult } from "../results/layer_result.ts";
import { type AnalysisRun, RunResources } from "./run_resources.ts";

/**
 * Runs the language model once, and then encodes layer after layer. A GPU that is lost meanwhile is
 * opened again.
 *
 * @returns The results, layer by layer in ascending order.
 * @throws {InputError} If a weight is missing, damaged or not finite, or the device fails.
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
  await using resources = new RunResources(plan, device, run);
  yield* layersInOrder(
    resources,
    plan.checkpoints.filter(({ layer }) => !run.except?.has(layer)),
  );
}
