/**
 * The built-in control of a run.
 *
 * @module
 */
import type { LayerRecord } from "./layer_record.ts";
import { siteOf } from "./site_of.ts";

/**
 * Whether a layer's states say no more of a question than how long it is: they are the embedding of the
 * last token, which is the same for all, at a position that is the length of the prompt.
 */
export function seesOnlyLength(record: LayerRecord): boolean {
  const site = siteOf(record);
  const { position, prompt_template } = record.provenance.options;
  const isFirst = site.point === "pre" && site.block === 0;
  return isFirst && position === undefined && prompt_template === undefined;
}
