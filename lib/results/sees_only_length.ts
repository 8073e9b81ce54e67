/**
 * The built-in control of a run.
 *
 * @module
 */
import type { LayerRecord } from "./layer_record.ts";
import { siteOf } from "./site_of.ts";

/**
 * Whether prompts all end with the token that is read: AlignSAE's do, which `Q: …\nA:` makes of a question;
 * what a reader's own end with is not known.
 */
export function endAlike(options: LayerRecord["provenance"]["options"]): boolean {
  const { position, text_field, prompt_template, ids_field } = options;
  return [position, text_field, prompt_template, ids_field].every((each) => each === undefined);
}

/**
 * Whether a layer's states say no more of a question than how long it is: they are the embedding of the
 * last token, which is the same for all, at a position that is the length of the prompt.
 */
export function seesOnlyLength(record: LayerRecord): boolean {
  const site = siteOf(record);
  const isFirst = site.point === "pre" && site.block === 0;
  return isFirst && endAlike(record.provenance.options);
}
