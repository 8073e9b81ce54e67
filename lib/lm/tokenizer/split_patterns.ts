/**
 * The regular expressions that tokenizers split by. Only known ones are run: any other could run
 * without end, or mean something else to JavaScript than to Oniguruma, for which it was written.
 *
 * @module
 */
import { SPACES } from "./unicode.ts";

/** GPT-2's, which a byte-level pre-tokenizer implies. */
export const GPT2_PATTERN: string = String
  .raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const SPACE_RUNS = String.raw`\s*[\r\n]+|\s+(?!\S)|\s+`;
const CAPITALS = String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const SMALL = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;

/** Those of GPT-4 and its heirs, by what is a run of digits. */
function likeGpt4(digits: string): string {
  return String
    .raw`${CONTRACTIONS}|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|${SPACE_RUNS}`;
}

/** Those of GPT-4o and its heirs, by what may follow a word and what is a run of digits. */
function likeGpt4o(suffix: string, digits: string): string {
  return String
    .raw`${CAPITALS}*${SMALL}+${suffix}|${CAPITALS}+${SMALL}*${suffix}|${digits}| ?[^\s\p{L}\p{N}]+[\r\n/]*|${SPACE_RUNS}`;
}

/** All that are run, as their files spell them. None can match an empty text, or run away. */
const KNOWN: ReadonlySet<string> = new Set([
  GPT2_PATTERN,
  String.raw`'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  ...[String.raw`\p{N}{1,3}`, String.raw`\p{N}`, String.raw`\p{N}+`].flatMap((digits) => [
    digits,
    likeGpt4(digits), // Llama 3, Qwen 2 and 3
    likeGpt4o(`${CONTRACTIONS}?`, digits), // GPT-4o, Llama 4
    likeGpt4o("", digits), // Mistral's Tekken
  ]),
  // Qwen 3.5: marks belong to words
  String
    .raw`${CONTRACTIONS}|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|${SPACE_RUNS}`,
  // DeepSeek V3
  "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|" +
  " ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
  // of normalizers
  " {2,}",
  String.raw`\s+`,
]);

/** Whether a regular expression is one of those that are run. */
export function isKnownPattern(pattern: string): boolean {
  return KNOWN.has(pattern);
}

/** A known regular expression for JavaScript, with Unicode's white space; it finds all matches. */
export function compilePattern(pattern: string): RegExp {
  const inBrackets = pattern.replaceAll(/\[(?:\\[^]|[^\]\\])*\]/g, (set) => {
    return set.replaceAll("\\s", SPACES);
  });
  const compiled = inBrackets.replaceAll("\\s", `[${SPACES}]`).replaceAll("\\S", `[^${SPACES}]`);
  return new RegExp(compiled, "gu");
}
