/**
 * The site of a layer's result.
 *
 * @module
 */
import { FINAL, parseSite, type Site } from "../lm/site.ts";
import { siteOfName } from "./layer_name.ts";
import type { LayerRecord } from "./layer_record.ts";

/** How a record says that a layer is the one after the last block's. */
const IS_FINAL = /, the state after the final /;

/**
 * The site whose states a result was made of. A record of AlignSAE's says it as the number and the
 * words of a layer, others by itself.
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
export function siteOf(
  { layer, hidden_state, site }: Pick<LayerRecord, "layer" | "hidden_state" | "site">,
): Site {
  const said = site === undefined ? undefined : parseSite(site);
  return said ?? (IS_FINAL.test(hidden_state) ? FINAL : siteOfName(layer));
}
