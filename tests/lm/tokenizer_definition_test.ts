import assert from "node:assert/strict";
import { checkTokenizer } from "../../lib/lm/tokenizer_definition.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { inputErrorNaming } from "../support/input_errors.ts";

const PLAIN = JSON.parse(Deno.readTextFileSync(`${REFERENCE}/lm/tokenizer.json`));
const MODEL = PLAIN.model;

Deno.test("checkTokenizer() keeps what encoding needs, and nothing else", () => {
  const definition = checkTokenizer(PLAIN, "tokenizer.json");
  assert.deepEqual(Object.keys(definition).sort(), [
    ...["added_tokens", "decoder", "model", "normalizer", "post_processor", "pre_tokenizer"],
  ]);
  const { vocab, merges } = definition.model as typeof MODEL;
  assert.deepEqual([vocab, merges], [MODEL.vocab, MODEL.merges]);
  assert.deepEqual([definition.decoder, definition.post_processor], [null, null]);
  assert.deepEqual(definition.pre_tokenizer, {
    type: "ByteLevel",
    add_prefix_space: false,
    use_regex: true,
  });
});

Deno.test("checkTokenizer() accepts what OpenAI's own GPT-2 and its heirs hold beside the tokens", () => {
  const { vocab, merges } = MODEL;
  const added = { content: "<|endoftext|>", single_word: false, lstrip: false, rstrip: false };
  const first = { // as in the file of 2019, without a type
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [{ id: 419, special: true, normalized: true, ...added }],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true },
    post_processor: { type: "ByteLevel", add_prefix_space: true, trim_offsets: false },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true },
    model: {
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      vocab,
      merges,
    },
  };
  const { model } = checkTokenizer(first, "tokenizer.json");
  assert.equal((model as typeof MODEL).type, "BPE");
  const today = { ...first.model, type: "BPE", byte_fallback: false, ignore_merges: false };
  checkTokenizer({ ...first, model: today }, "tokenizer.json");
});

Deno.test("checkTokenizer() takes merges as texts or as pairs", () => {
  for (const merges of [["a b", "ab c"], [["a", "b"], ["ab", "c"]], []]) {
    checkTokenizer({ ...PLAIN, model: { ...MODEL, merges } }, "tokenizer.json");
  }
});

Deno.test("checkTokenizer() keeps a token __proto__", () => {
  const vocab = JSON.parse('{"__proto__": 7, "constructor": 8}');
  const { model } = checkTokenizer({ ...PLAIN, model: { ...MODEL, vocab } }, "tokenizer.json");
  assert.deepEqual(Object.entries((model as typeof MODEL).vocab), [
    ["__proto__", 7],
    ["constructor", 8],
  ]);
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
  ["a merge of one", { model: { ...MODEL, merges: ["a b", "a"] } }, "model.merges.1 is no pair"],
  ["a merge of three", { model: { ...MODEL, merges: [["a", "b", "c"]] } }, "model.merges.0 is no"],
  ["a merge of a number", { model: { ...MODEL, merges: [["a", 1]] } }, "model.merges.0 is no pair"],
  ["merges of two kinds", { model: { ...MODEL, merges: [["a", "b"], "a b"] } }, "model.merges.1 "],
  ["an unknown normalizer", { normalizer: { type: "Precompiled" } }, "normalizer.type: "],
  ["text as normalizer", { normalizer: "NFC" }, "normalizer: "],
  ["another way to split", { pre_tokenizer: { type: "Metaspace" } }, "pre_tokenizer.type: "],
  ["an expression of its own", split({}), "Regex: this regular expression is not known"],
  ["an expression that is a number", split({ pattern: { Regex: 7 } }), "Regex: "],
  ["added tokens that are an object", { added_tokens: {} }, "added_tokens is no list"],
  [
    "an added token without id",
    { added_tokens: [{ content: "a" }] },
    "added_tokens.0: id is missing",
  ],
  [
    "an added token without content",
    { added_tokens: [{ id: 1, content: "a" }, { id: 2, content: "" }] },
    "added_tokens.1: content: ",
  ],
  [
    "over 10,000 added tokens",
    { added_tokens: Array(10_001).fill({ id: 1, content: "a" }) },
    "added_tokens is no list of at most 10000 tokens",
  ],
];
for (const [what, changes, problem] of REFUSED) {
  Deno.test(`checkTokenizer() refuses ${what}`, () => {
    assert.throws(
      () => checkTokenizer({ ...PLAIN, ...changes }, "tokenizer.json"),
      inputErrorNaming("tokenizer.json", problem),
    );
  });
}

Deno.test("checkTokenizer() refuses what is no object", () => {
  for (const value of [null, [], "a", 7]) {
    assert.throws(
      () => checkTokenizer(value, "tokenizer.json"),
      inputErrorNaming("tokenizer.json", "expected object"),
    );
  }
});
