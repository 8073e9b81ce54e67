/**
 * The options of an analysis that make its prompts and choose their tokens.
 *
 * @module
 */
import type { LayerRecord } from "./layer_record.ts";

/** The options that make prompts, and choose the tokens of each that count. */
const PROMPT_OPTIONS = [
  ...["text_field", "prompt_template", "ids_field", "label_field"],
  ...["position", "occurrence", "prepend_bos", "delimiter"],
];

/** Which prompts a layer was analysed with, and at which of their tokens; what is usual is not named. */
export function promptsOf({ provenance: { options } }: LayerRecord): [string, unknown][] {
  return PROMPT_OPTIONS.filter((name) => Object.hasOwn(options, name))
    .map((name) => [name, options[name]]);
}
