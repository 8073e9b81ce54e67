/**
 * The built-in control of a run.
 *
 * @module
 */
import type { LayerRecord } from "./layer_record.ts";
import type { Provenance } from "./provenance_record.ts";
import { siteOf } from "./site_of.ts";

/**
 * Whether a layer's states say no more of a question than how long it is: they are the embedding of the
 * last token, which is the same for all, at a position that is the length of the prompt.
 */
export function seesOnlyLength(record: LayerRecord): boolean {
  const site = siteOf(record);
  const isFirst = site.point === "pre" && site.block === 0;
  return isFirst && isOfOneToken(record.provenance.options);
}

/**
 * Whether the states are those of the last token of prompts that all end alike, `Q: …\nA:`: of prompts
 * of the user's own making nobody knows how they end.
 */
export function isOfOneToken(options: Provenance["options"]): boolean {
  const { position, text_field, prompt_template, ids_field } = options;
  return [position, text_field, prompt_template, ids_field].every((own) => own === undefined);
}
