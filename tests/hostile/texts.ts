/** Text files that are made to hang their reader or to exhaust its memory. */
import { REFERENCE } from "../support/fixtures.ts";
import { type HostileFile, MIB, repeated, sparse } from "./writing.ts";

/** Texts that look like numbers and meet in one place of V8's hash tables. */
const MEETING = Array.from({ length: 65_536 }, (_, i) => String((i << 16) >>> 0));

/** For `readQuestions`. */
export const QUESTIONS: Omit<HostileFile, "reader">[] = [
  {
    what: "one line of 1 GB",
    write: (path) => sparse(path, 2 ** 30),
    message: /has 1073741824 bytes, expected at most 67108864/,
  },
  {
    what: "one line of 60 MB",
    write: (path) => repeated(path, "a", 60e6),
    message: /:1: the line is longer than 1048576 bytes/,
  },
  {
    what: "64 MiB of line ends",
    isSlow: true,
    write: (path) => repeated(path, "\n", 64 * MIB),
    message: /has over 1000000 lines/,
  },
  {
    what: "a million relations",
    write: (path) =>
      Deno.writeTextFileSync(
        path,
        Array.from({ length: 1e6 }, (_, i) => `{"rule_idx":${i},"question":"A?"}\n`).join(""),
      ),
    message: /:1001: rule_idx: /,
  },
  {
    what: "a million lists, one in the other",
    write: (path) => repeated(path, "[", MIB),
    message: /:1 is nested over 100 levels deep/,
  },
  {
    what: "a field whose name is a million characters",
    write: (path) => repeated(path, "x", 500_000, ['{"', '":1,"' + "x".repeat(500_000) + '":2}']),
    message: /:1 has two fields x/,
  },
  {
    what: "four lines of 65,536 fields whose names meet in one place of a hash table",
    write: (path) =>
      Deno.writeTextFileSync(path, `{${MEETING.map((text) => `"${text}":0`)}}\n`.repeat(4)),
    message: /:1: rule_idx is missing/,
  },
  {
    what: "four lines with 65,536 texts that meet in one place of a hash table",
    write: (path) =>
      Deno.writeTextFileSync(
        path,
        `{"rule_idx":0,"question":"A?","ids":[${MEETING.map((text) => `"${text}"`)}]}\n`
          .repeat(4) + "{}",
      ),
    message: /:5: rule_idx is missing/,
  },
  {
    what: "names that V8 hashes by their length alone",
    write: (path) => {
      const names = Array.from({ length: 60 }, (_, i) => `"${"x".repeat(16_400)}${i + 10}":0`);
      Deno.writeTextFileSync(path, `{${names}}\n`.repeat(4));
    },
    message: /:1 has a field whose name is longer than 16000 characters/,
  },
];

/** For `readDecoder`. */
export const CONFIGS: Omit<HostileFile, "reader">[] = [
  {
    what: "1 GB",
    write: (path) => sparse(path, 2 ** 30),
    message: /has 1073741824 bytes, expected at most 1048576/,
  },
  {
    what: "a million lists, one in the other",
    write: (path) => repeated(path, "[", MIB),
    message: /is nested over 100 levels deep/,
  },
  {
    what: "65,536 fields whose names meet in one place of a hash table",
    write: (path) => Deno.writeTextFileSync(path, `{${MEETING.map((text) => `"${text}":0`)}}`),
    message: /model_type is missing/,
  },
  {
    what: "a model_type of a million spaces",
    write: (path) => repeated(path, " ", MIB - 100, ['{"model_type":"', '"}']),
    message: /has model_type .*expected gpt2/,
  },
];

const TOKENIZER = JSON.parse(Deno.readTextFileSync(`${REFERENCE}/lm/tokenizer.json`));

function tokenizer(changes: object): (path: string) => void {
  return (path) => Deno.writeTextFileSync(path, JSON.stringify({ ...TOKENIZER, ...changes }));
}

/** Backtracks for ever on any text of some length that ends otherwise. */
const EVIL_PATTERN = String.raw`(?:[\s\S]|[^\n]|\S)*\u0001`;

/** For `loadTokenizer`. */
export const TOKENIZERS: Omit<HostileFile, "reader" | "file">[] = [
  {
    what: "1 GB",
    write: (path) => sparse(path, 2 ** 30),
    message: /has 1073741824 bytes, expected at most 134217728/,
  },
  {
    what: "32 million lists, one in the other",
    write: (path) => repeated(path, "[", 32 * MIB),
    message: /is nested over 100 levels deep/,
  },
  {
    what: "10 million objects",
    write: (path) => repeated(path, "{},", 10 * MIB, ["[", "0]"]),
    message: /holds over 1000000 values/,
  },
  {
    what: "half a million objects of different shapes",
    isSlow: true,
    write: (path) =>
      Deno.writeTextFileSync(
        path,
        `[${Array.from({ length: 330_000 }, (_, i) => `{"k${i}":0}`)}]`,
      ),
    message: /expected object, received array/,
  },
  {
    what: "a regular expression that backtracks without end",
    write: tokenizer({
      pre_tokenizer: { type: "Split", pattern: { Regex: EVIL_PATTERN }, behavior: "Isolated" },
    }),
    message: /pre_tokenizer\.pattern\.Regex: this regular expression is not known/,
  },
  {
    what: "the same to normalize by",
    write: tokenizer({
      normalizer: { type: "Replace", pattern: { Regex: EVIL_PATTERN }, content: "" },
    }),
    message: /normalizer\.pattern\.Regex: this regular expression is not known/,
  },
  {
    what: "pieces of a length of 0",
    write: tokenizer({ pre_tokenizer: { type: "FixedLength", length: 0 } }),
    message: /pre_tokenizer\.type: /,
  },
  {
    what: "half a million token ids that are none",
    isSlow: true,
    write: tokenizer({
      model: {
        ...TOKENIZER.model,
        vocab: Object.fromEntries(Array.from({ length: 490_000 }, (_, i) => [`t${i}`, "x"])),
      },
    }),
    message: /model\.vocab: the id of t0 is no number/,
  },
  {
    what: "half a million merges that are none",
    write: tokenizer({ model: { ...TOKENIZER.model, merges: Array(900_000).fill(7) } }),
    message: /model\.merges\.0 is no pair of tokens/,
  },
  {
    what: "added tokens of 30 MB",
    isSlow: true,
    write: tokenizer({
      added_tokens: Array.from({ length: 30 }, (_, i) => ({
        id: i,
        content: String.fromCharCode(97 + i).repeat(MIB),
      })),
    }),
    message: /added_tokens\.0: content: too big/,
  },
];

/** For `readLayerRecord`. */
export const RECORDS: Omit<HostileFile, "reader" | "file">[] = [
  {
    what: "65,536 fields whose names meet in one place of a hash table",
    write: (path) => Deno.writeTextFileSync(path, `{${MEETING.map((text) => `"${text}":0`)}}`),
    message: /analysis\.json: layer is missing/,
  },
  {
    what: "half a million relations that are none",
    write: (path) => repeated(path, "7,", 500_000, ['{"relations":[', "7]}"]),
    message: /analysis\.json: /,
  },
];
