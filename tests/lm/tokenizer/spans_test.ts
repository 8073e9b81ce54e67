import assert from "node:assert/strict";
import { tokenizerOf } from "../../support/tokenizer_of.ts";
import type { NormalizerStep } from "../../../lib/lm/tokenizer/components.ts";
import { makeNormalizer } from "../../../lib/lm/tokenizer/normalizer.ts";
import { makeSpannedNormalizer } from "../../../lib/lm/tokenizer/spanned_normalizer.ts";
import { edited, spanOfByte, writtenText } from "../../../lib/lm/tokenizer/spans.ts";

const STEPS: readonly NormalizerStep[] = [
  { type: "NFC" },
  { type: "NFKC" },
  { type: "NFD" },
  { type: "Lowercase" },
  { type: "ByteLevel" },
  { type: "Prepend", prepend: "▁" },
  { type: "Replace", pattern: { String: " " }, content: "▁" },
  { type: "Replace", pattern: { Regex: " {2,}" }, content: "" },
  { type: "Strip", strip_left: true, strip_right: true },
  { type: "Strip", strip_left: false, strip_right: true },
  { type: "Strip", strip_left: true, strip_right: false },
];
const TEXTS = ["", "   ", " a  B ", "e\u0301 ﬁ Ⅳ", "\u1112\u1161\u11ab", "🌊 Zürich", "İΣ"];

Deno.test("a normalizer that keeps spans makes the same text as the plain one", () => {
  for (const step of STEPS) {
    for (const text of TEXTS) {
      const { text: made, spans } = makeSpannedNormalizer([step])(writtenText(text));
      assert.equal(made, makeNormalizer([step])(text), JSON.stringify({ step, text }));
      assert.equal(spans.starts.length, made.length);
      assert.equal(spans.ends.length, made.length);
    }
  }
});

Deno.test("spans say of what is composed all that it comes from, and of what is put in nothing", () => {
  const composed = makeSpannedNormalizer([{ type: "NFC" }])(writtenText("ae\u0301b"));
  assert.deepEqual([...composed.spans.starts], [0, 1, 4]);
  assert.deepEqual([...composed.spans.ends], [1, 4, 5]);
  const prefixed = edited(writtenText("é"), [{ start: 0, end: 0, text: "▁" }]);
  assert.deepEqual([[...prefixed.spans.starts], [...prefixed.spans.ends]], [[0, 0], [0, 2]]);
});

Deno.test("spanOfByte() is the byte itself, unless the character comes from another number of them", () => {
  assert.deepEqual(spanOfByte(writtenText("aé", 10), 1, 1), [12, 13]);
  const space = edited(writtenText(" "), [{ start: 0, end: 1, text: "▁" }]);
  assert.deepEqual(spanOfByte(space, 0, 2), [0, 1]);
});

const DEFINITION = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: true, use_regex: true },
  post_processor: null,
  model: {
    type: "BPE",
    vocab: Object.fromEntries(["Ġ", "a", "b", "Ã", "©", "Ġa", "Ã©"].map((token, i) => [token, i])),
    merges: ["Ġ a", "Ã ©"],
  },
};

Deno.test("encodeSpans() gives the tokens of encode(), and the bytes that each holds", () => {
  const tokenizer = tokenizerOf(JSON.stringify(DEFINITION), "t");
  for (const text of ["ab aéb", "é", "", " a"]) {
    const spans = tokenizer.encodeSpans(text);
    assert.deepEqual(spans.map(({ id }) => id), tokenizer.encode(text));
  }
  assert.deepEqual(tokenizer.encodeSpans("aé b").map(({ start, end }) => [start, end]), [
    [0, 1], // with the space that is put before it
    [1, 3],
    [3, 4],
    [4, 5],
  ]);
  assert.equal(tokenizer.tokenOf(5), "Ġa");
  assert.equal(tokenizer.tokenOf(99), undefined);
});

Deno.test("encodeSpans() gives bytes that are tokens one byte each, and unknown ones all of theirs", () => {
  const tokenizer = tokenizerOf(
    JSON.stringify({
      ...DEFINITION,
      pre_tokenizer: null,
      model: {
        type: "BPE",
        byte_fallback: true,
        unk_token: "?",
        fuse_unk: true,
        vocab: { "?": 0, a: 1, "<0xC3>": 2, "<0xA9>": 3 },
        merges: [],
      },
    }),
    "t",
  );
  assert.deepEqual(tokenizer.encodeSpans("aé東京a"), [
    { id: 1, start: 0, end: 1 },
    { id: 2, start: 1, end: 2 },
    { id: 3, start: 2, end: 3 },
    { id: 0, start: 3, end: 9 },
    { id: 1, start: 9, end: 10 },
  ]);
});
