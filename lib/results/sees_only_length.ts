/**
 * The built-in control of a run.
 *
 * @module
 */
import { askedQuestions } from "./asked_questions.ts";
import type { LayerRecord } from "./layer_record.ts";
import type { LayerSelectivity } from "./selectivity_files.ts";
import { siteOf } from "./site_of.ts";

/** What is looked at: the activations of the listed features, and how long each prompt is. */
export type ListedActivations = Pick<LayerSelectivity, "activations" | "questions"> & {
  readonly record: Pick<LayerSelectivity["record"], "listed">;
};

/**
 * Whether prompts all end with the token that is read: AlignSAE's do, which `Q: …\nA:` makes of a question;
 * what a reader's own end with is not known.
 */
export function endAlike(options: LayerRecord["provenance"]["options"]): boolean {
  const { position, text_field, prompt_template, ids_field } = options;
  return [position, text_field, prompt_template, ids_field].every((each) => each === undefined);
}

/** What two activations of the same state may differ by, relative to the largest. */
const SAME = 1e-4;

/**
 * Whether the listed features depend on the number of tokens alone: prompts of equal length have equal
 * activations, in every one of them.
 *
 * @returns Null if no two prompts are equally long, or no listed feature is ever active: then it cannot be told.
 */
export function dependOnLength(
  { record, activations, questions }: ListedActivations,
): boolean | null {
  const { tokens } = askedQuestions({ questions });
  const first = new Map<number, number>();
  const before = Array.from(tokens, (length, i) => first.getOrInsert(length, i));
  const isSilent = record.listed.length === 0 || activations.every((value) => value === 0);
  if (isSilent || first.size === tokens.length) return null;
  for (let start = 0; start < activations.length; start += tokens.length) {
    const values = activations.subarray(start, start + tokens.length);
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const isSame = (value: number, i: number) =>
      Math.abs(value - values[before[i]!]!) <= SAME * largest;
    if (!values.every(isSame)) return false;
  }
  return true;
}

/**
 * Whether a layer is the built-in control, whose states say no more of a question than how long it is: they
 * are the embedding of the last token, at a position that is the length of the prompt. Where it is not known
 * that this token is the same for all, the features say so.
 */
export function seesOnlyLength(record: LayerRecord, selectivity: ListedActivations): boolean {
  const site = siteOf(record);
  const isFirst = site.point === "pre" && site.block === 0;
  return isFirst && (endAlike(record.provenance.options) || dependOnLength(selectivity) === true);
}
