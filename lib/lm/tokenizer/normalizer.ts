/**
 * Changes a text before it is split into words.
 *
 * Source: https://github.com/huggingface/tokenizers, normalizers
 *
 * @module
 */
import type { NormalizerStep } from "./components.ts";
import { compilePattern } from "./split_patterns.ts";
import { bytesAsText, lowercase, normalForm, SPACES } from "./unicode.ts";

/** Changes a text. */
export type Normalizer = (text: string) => string;

const LEFT_SPACE = new RegExp(`^[${SPACES}]+`);
const NO_SPACE = new RegExp(`[^${SPACES}]`);

/** One function for all of the steps, in their order. */
export function makeNormalizer(steps: readonly NormalizerStep[]): Normalizer {
  const functions = steps.map(makeStep);
  return (text) => functions.reduce((text, change) => change(text), text);
}

function makeStep(step: NormalizerStep): Normalizer {
  switch (step.type) {
    case "Lowercase":
      return lowercase;
    case "ByteLevel":
      return bytesAsText;
    case "Prepend":
      return (text) => text === "" ? "" : step.prepend + text;
    case "Replace": {
      const { pattern, content } = step;
      const replaced = "String" in pattern ? pattern.String : compilePattern(pattern.Regex);
      return (text) => text.replaceAll(replaced, () => content);
    }
    case "Strip":
      return (text) => {
        if (step.strip_left) text = text.replace(LEFT_SPACE, "");
        return step.strip_right ? withoutRightSpace(text) : text;
      };
    default:
      return (text) => normalForm(step.type, text);
  }
}

/** Looks from the end, where an expression would look at every run of spaces up to its own end. */
function withoutRightSpace(text: string): string {
  let end = text.length;
  while (end > 0 && !NO_SPACE.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}
