/**
 * The normalizer once more, for a text whose units know where they come from. The plain one
 * (`normalizer.ts`) is for the many texts of which nobody asks that; a test holds the two together.
 *
 * @module
 */
import type { NormalizerStep } from "./components.ts";
import { makeNormalizer } from "./normalizer.ts";
import { type Edit, edited, type SpannedText, spansOfBytes } from "./spans.ts";
import { compilePattern } from "./split_patterns.ts";
import { bytesAsText, normalForm } from "./unicode.ts";

/** Changes a text, and says of what is new what it was. */
export type SpannedNormalizer = (text: SpannedText) => SpannedText;

/** One function for all of the steps, in their order. */
export function makeSpannedNormalizer(steps: readonly NormalizerStep[]): SpannedNormalizer {
  const functions = steps.map(makeStep);
  return (text) => functions.reduce((text, change) => change(text), text);
}

function makeStep(step: NormalizerStep): SpannedNormalizer {
  const change = makeNormalizer([step]);
  switch (step.type) {
    case "Lowercase":
      return (spanned) => edited(spanned, editsOf(spanned.text, /[^]/gu, change));
    case "ByteLevel":
      return (spanned) => ({ text: bytesAsText(spanned.text), spans: spansOfBytes(spanned) });
    case "Prepend":
      return (spanned) => {
        if (spanned.text === "") return spanned;
        return edited(spanned, [{ start: 0, end: 0, text: step.prepend }]);
      };
    case "Replace": {
      const { pattern, content } = step;
      const sought = "Regex" in pattern
        ? compilePattern(pattern.Regex)
        : new RegExp(RegExp.escape(pattern.String), "gu");
      return (spanned) => edited(spanned, editsOf(spanned.text, sought, () => content));
    }
    case "Strip":
      return (spanned) => {
        const kept = change(spanned.text);
        // what is left begins where white space on the left ends, if that goes
        const start = step.strip_left
          ? spanned.text.length -
            makeNormalizer([{ ...step, strip_right: false }])(spanned.text).length
          : 0;
        return edited(spanned, [
          { start: 0, end: start, text: "" },
          { start: start + kept.length, end: spanned.text.length, text: "" },
        ]);
      };
    default:
      return (spanned) => edited(spanned, normalFormEdits(spanned.text, step.type));
  }
}

/** What becomes of each match of a pattern, where it becomes something else. */
function editsOf(text: string, sought: RegExp, change: (match: string) => string): Edit[] {
  return Array.from(text.matchAll(sought), ({ index: start, 0: match }) => {
    return { start, end: start + match.length, text: change(match) };
  }).filter((edit) => edit.text !== text.slice(edit.start, edit.end));
}

/** A character with the marks that follow it: within these, as a rule, normal forms are made. */
const CLUSTER = /\P{M}?\p{M}+|\P{M}/gu;
/** Where even that is not enough, as with the parts of Korean syllables: all that is not ASCII. */
const RUN = /[^\0-\x7f]+/gu;

function normalFormEdits(text: string, form: "NFC" | "NFD" | "NFKC" | "NFKD"): Edit[] {
  const whole = normalForm(form, text);
  if (whole === text) return [];
  const change = (part: string) => normalForm(form, part);
  for (const parts of [CLUSTER, RUN, /[^]+/gu]) {
    if (text.replaceAll(parts, change) === whole) return editsOf(text, parts, change);
  }
  return [{ start: 0, end: text.length, text: whole }];
}
