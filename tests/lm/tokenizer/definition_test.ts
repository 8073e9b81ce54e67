import assert from "node:assert/strict";
import { tokenizerOf } from "../../support/tokenizer_of.ts";
import { checkDefinition } from "../../../lib/lm/tokenizer/definition.ts";
import { REFERENCE } from "../../support/fixtures.ts";
import { inputErrorNaming } from "../../support/input_errors.ts";

const PLAIN = JSON.parse(Deno.readTextFileSync(`${REFERENCE}/lm/tokenizer.json`));
const MODEL = PLAIN.model;
const MERGE: string[] = [MODEL.merges[0]].flat().join(" ").split(" ");

Deno.test("checkDefinition() fills in what a file of 2019 does not say", () => {
  const pre_tokenizer = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true };
  const definition = checkDefinition({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [{ id: 419, content: "<|endoftext|>", special: true }],
    normalizer: null,
    pre_tokenizer,
    post_processor: { type: "ByteLevel", add_prefix_space: true, trim_offsets: false },
    model: { dropout: null, unk_token: null, continuing_subword_prefix: "", fuse_unk: false },
  }, "tokenizer.json");
  assert.deepEqual(definition, {
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
    },
    normalizer: [],
    pre_tokenizer: [{ type: "ByteLevel", add_prefix_space: false, use_regex: true }],
    splits_in_one_step: true,
    added_tokens: [{
      content: "<|endoftext|>",
      single_word: false,
      lstrip: false,
      rstrip: false,
      special: true,
      normalized: false,
    }],
    post_processor: [{ type: "ByteLevel" }],
  });
});

const split = (changes: object) => ({
  pre_tokenizer: {
    type: "Sequence",
    pretokenizers: [{ type: "Split", pattern: { Regex: "a" }, behavior: "Isolated", ...changes }],
  },
});

const REFUSED: [what: string, changes: object, problem: string][] = [
  ["no model", { model: undefined }, "model is missing"],
  ["a model that is a list", { model: [] }, "model: invalid input: expected object"],
  ["another kind of model", { model: { ...MODEL, type: "Unigram" } }, "model.type: "],
  ["random merges", { model: { ...MODEL, dropout: 0.1 } }, "model.dropout: "],
  ["a suffix", { model: { ...MODEL, end_of_word_suffix: "</w>" } }, "model.end_of_word_suffix: "],
  ["no vocabulary", { model: { ...MODEL, vocab: undefined } }, "model.vocab is no object"],
  ["a list as vocabulary", { model: { ...MODEL, vocab: [] } }, "model.vocab is no object"],
  ["an id that is text", { model: { ...MODEL, vocab: { a: "1" } } }, "the id of a is no number"],
  ["a negative id", { model: { ...MODEL, vocab: { a: -1 } } }, "the id of a is no number"],
  ["half an id", { model: { ...MODEL, vocab: { a: 0.5 } } }, "the id of a is no number"],
  ["an absurd id", { model: { ...MODEL, vocab: { a: 2 ** 24 } } }, "the id of a is no number"],
  ["no merges", { model: { ...MODEL, merges: undefined } }, "model.merges is no list"],
  ["merges that are an object", { model: { ...MODEL, merges: {} } }, "model.merges is no list"],
  [
    "a merge of one",
    { model: { ...MODEL, merges: [MERGE.join(" "), "a"] } },
    "model.merges.1 is no pair",
  ],
  ["a merge of three", { model: { ...MODEL, merges: [["a", "b", "c"]] } }, "model.merges.0 is no"],
  ["a merge of a number", { model: { ...MODEL, merges: [["a", 1]] } }, "model.merges.0 is no pair"],
  ["merges of two kinds", { model: { ...MODEL, merges: [MERGE, "a b"] } }, "model.merges.1 "],
  ["an unknown normalizer", { normalizer: { type: "Precompiled" } }, "normalizer.type: "],
  ["text as normalizer", { normalizer: "NFC" }, "normalizer: "],
  ["another way to split", { pre_tokenizer: { type: "Punctuation" } }, "pre_tokenizer.type: "],
  ["an expression of its own", split({}), "Regex: this regular expression is not known"],
  ["an expression that is a number", split({ pattern: { Regex: 7 } }), "pattern: "],
  [
    "a template without the text",
    { post_processor: { type: "TemplateProcessing", single: [], special_tokens: {} } },
    "post_processor.single: expected Sequence A once",
  ],
  [
    "a template with a token that it does not define",
    {
      post_processor: {
        type: "TemplateProcessing",
        single: [{ SpecialToken: { id: "x" } }, { Sequence: { id: "A" } }],
        special_tokens: {},
      },
    },
    'post_processor: its special_tokens lack "x"',
  ],
  [
    "an unknown expression to replace",
    { normalizer: { type: "Replace", pattern: { Regex: "a" }, content: "" } },
    "normalizer.pattern.Regex: this regular expression is not known",
  ],
  [
    "the first part of a text that a normalizer has changed",
    {
      normalizer: { type: "Strip", strip_left: true, strip_right: true },
      pre_tokenizer: { type: "Metaspace", replacement: "_", prepend_scheme: "first" },
    },
    'pre_tokenizer: Metaspace with prepend_scheme "first" is not supported behind Strip',
  ],
  ["added tokens that are an object", { added_tokens: {} }, "added_tokens is no list"],
  [
    "an added token without content",
    { added_tokens: [{ id: 1, content: "a" }, { id: 2 }] },
    "added_tokens.1: content is missing",
  ],
  [
    "an added token whose flag is a text",
    { added_tokens: [{ id: 1, content: "a", lstrip: "yes" }] },
    "added_tokens.0: lstrip: invalid input: expected boolean",
  ],
  [
    "an added token of 1,001 characters",
    { added_tokens: [{ id: 1, content: "a".repeat(1001) }] },
    "added_tokens.0: content: too big",
  ],
  [
    "over 10,000 added tokens",
    { added_tokens: Array(10_001).fill({ id: 1, content: "a" }) },
    "added_tokens is no list of at most 10000 tokens",
  ],
];
for (const [what, changes, problem] of REFUSED) {
  Deno.test(`parseTokenizer() refuses ${what}`, () => {
    assert.throws(
      () => tokenizerOf(JSON.stringify({ ...PLAIN, ...changes }), "tokenizer.json"),
      inputErrorNaming("tokenizer.json", problem),
    );
  });
}

Deno.test("parseTokenizer() refuses what is no object", () => {
  for (const value of [null, [], "a", 7]) {
    assert.throws(
      () => tokenizerOf(JSON.stringify(value), "tokenizer.json"),
      inputErrorNaming("tokenizer.json", "expected object"),
    );
  }
});
