/**
 * The site of a layer's result.
 *
 * @module
 */
import { FINAL, type Site } from "../lm/site.ts";
import type { LayerRecord } from "./schemas.ts";

/** How a record says that a layer is the one after the last block's. */
const IS_FINAL = /, the state after the final /;

/**
 * The site whose states a result was made of. A record says it as the number and the words of a
 * layer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { analyzeLayers, openDevice, planAnalysis, siteOf } from "@coact/coact";
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
 * for await (const { record } of analyzeLayers(plan, device)) {
 *   assert.deepEqual(siteOf(record), { block: 6, point: "pre" });
 * }
 * ```
 */
export function siteOf({ layer, hidden_state }: Pick<LayerRecord, "layer" | "hidden_state">): Site {
  return IS_FINAL.test(hidden_state) ? FINAL : { block: layer, point: "pre" };
}
