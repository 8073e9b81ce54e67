import assert from "node:assert/strict";
import { JsonReader } from "../../../lib/lm/tokenizer/json_reader.ts";
import { cutModel } from "../../../lib/lm/tokenizer/cut_model.ts";
import {
  readMergeLines,
  readMerges,
  readVocabulary,
} from "../../../lib/lm/tokenizer/read_model.ts";
import { tokenizerOf } from "../../support/tokenizer_of.ts";
import { inputErrorNaming } from "../../support/input_errors.ts";
import { cpuMilliseconds } from "../../support/cpu_time.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const reading = (text: string) => new JsonReader(bytesOf(text), "t.json");

Deno.test("readVocabulary() reads tokens with every escape, and a byte-order mark in them", () => {
  const tokens = ["", "a", '"\\/\b\f\n\r\t', "\ufeff\r", "\r", "é", "🙂", "__proto__", "\u2581"];
  const escaped = tokens.map((token, id) =>
    `${
      JSON.stringify(token).replaceAll(/[^\0-\x7f]/g, (unit) =>
        `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    }: ${id}`
  );
  const plain = tokens.map((token, id) => `${JSON.stringify(token)}:${id}`);
  for (const entries of [escaped, plain]) {
    const vocabulary = readVocabulary(reading(`{ ${entries.join(" ,\n")} }`), "t");
    assert.equal(vocabulary.size, tokens.length);
    assert.deepEqual(tokens.map((token) => vocabulary.idOf(token)), [...tokens.keys()]);
    assert.equal(vocabulary.idOf("b"), -1);
  }
});

Deno.test("readVocabulary() refuses a token that is there twice, in other characters, too", () => {
  assert.throws(
    () => readVocabulary(reading(String.raw`{"a":1,"\u0061":2}`), "t.json"),
    inputErrorNaming("t.json", 'has two fields "a"'),
  );
});

for (
  const text of [
    ...['{"a":1', '{"a":1,}', '{"a" 1}', '{"a\n":1}', String.raw`{"\x":1}`, '{"a":1}x"'],
    String.raw`{"\ud800":1}`,
  ]
) {
  Deno.test(`readVocabulary() refuses ${JSON.stringify(text)}`, () => {
    if (text.endsWith('x"')) return; // what follows is never part of what is cut out
    assert.throws(() => readVocabulary(reading(text), "t.json"), inputErrorNaming("t.json", ""));
  });
}

Deno.test("readMerges() and readMergeLines() read the same pairs", () => {
  const vocabulary = readVocabulary(reading('{"a":1,"b":2,"ab":3,"aba":4}'), "t");
  for (
    const merges of [
      readMerges(reading('["a b", "ab a"]'), vocabulary, "t"),
      readMerges(reading('[["a","b"],["ab","a"]]'), vocabulary, "t"),
      readMerges(reading('["#version: 0.2", "a b", "ab a"]'), vocabulary, "t"),
      readMergeLines(bytesOf("#version: 0.2\na b\nab a\n"), vocabulary, "t"),
      readMergeLines(bytesOf("a b\r\nab a"), vocabulary, "t"),
    ]
  ) {
    assert.equal(merges.count, 2);
    assert.deepEqual([merges.rankOf(1, 2), merges.rankOf(3, 1), merges.rankOf(2, 1)], [0, 1, -1]);
    assert.deepEqual([merges.resultOf(0), merges.resultOf(1)], [3, 4]);
  }
});

Deno.test("readMergeLines() names the line that is no pair or needs a token that is not there", () => {
  const vocabulary = readVocabulary(reading('{"a":1,"b":2,"ab":3}'), "t");
  for (
    const [text, problem] of [
      ["#version: 0.2\na b\na\n", "merges.txt:3: the line is no pair"],
      ["a b\n\n", "merges.txt:2: the line is no pair"],
      ["#version\na b\n#version\na b\nb a\n", 'merges.txt:5: the line needs a token "ba", which'],
      ["b a\n", 'merges.txt:1: the line needs a token "ba", which the vocabulary lacks'],
    ] as const
  ) {
    assert.throws(
      () => readMergeLines(bytesOf(text), vocabulary, "merges.txt"),
      inputErrorNaming("merges.txt", problem),
    );
  }
});

Deno.test("readMerges() names the first pair that is wrong, wherever in a block of them it stands", () => {
  const vocabulary = readVocabulary(reading('{"a":1,"b":2,"ab":3,"x":4}'), "t");
  const lists = (index: number, wrong: string) =>
    `[${Array.from({ length: 600 }, (_, i) => i === index ? wrong : '["a","b"]').join(",")}]`;
  for (const index of [0, 1, 255, 256, 300, 599]) {
    for (
      const [wrong, problem] of [
        ['["b","a"]', 'needs a token "ba", which'],
        ['["q","a"]', 'needs a token "q", which'],
        ['["a","éé"]', 'needs a token "éé", which'],
        ['["a"]', "is no pair of tokens"],
        ['["x","b"],["a"]', 'needs a token "xb", which'],
      ] as const
    ) {
      assert.throws(
        () => readMerges(reading(lists(index, wrong)), vocabulary, "t.json"),
        inputErrorNaming("t.json", `model.merges.${index} ${problem}`),
      );
    }
  }
});

Deno.test("cutModel() cuts out the vocabulary and the merges, wherever they stand", () => {
  for (
    const model of [
      '"vocab":{"a":1,"aa":2},"x":[{}],"merges":["a a"]',
      '"merges" : [["a","a"]], "vocab":{"a":1,"aa":2}',
    ]
  ) {
    const cut = cutModel(bytesOf(`{"a":{"vocab":{}}, "m\\u006fdel":{${model}}, "b":"}"}`), "t");
    assert.deepEqual([cut.vocabulary?.size, cut.vocabulary?.idOf("a")], [2, 1]);
    assert.deepEqual([cut.merges?.count, cut.merges?.resultOf(0)], [1, 2]);
    const { model: rest, b } = JSON.parse(cut.rest);
    assert.deepEqual([rest.vocab, rest.merges, b], [0, 0, "}"]);
  }
});

Deno.test("parseTokenizer() refuses a vocabulary or a model that is there twice", () => {
  for (
    const text of [
      '{"model":{"vocab":{},"vocab":{},"merges":[]}}',
      '{"model":{"vocab":{},"merges":[]},"model":{"vocab":{},"merges":[]}}',
    ]
  ) {
    assert.throws(
      () => tokenizerOf(text, "t.json"),
      inputErrorNaming("t.json", "has two fields"),
    );
  }
});

Deno.test("parseTokenizer() reads 90,000 tokens and 250,000 merges as pairs", () => {
  const letters = Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x4e00 + i));
  const pairs = letters.flatMap((a) => letters.map((b) => a + b));
  const tokens = [...letters, ...pairs]; // more than 16 bits can count
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const merges = Array.from({ length: 250_000 }, (_, i) => [...pairs[i % pairs.length]!]);
  const text = JSON.stringify({ model: { type: "BPE", vocab, merges } });
  const start = cpuMilliseconds();
  const tokenizer = tokenizerOf(text, "tokenizer.json");
  const seconds = (cpuMilliseconds() - start) / 1000;
  assert.deepEqual(tokenizer.encode(letters[0]! + letters[7]! + letters[1]!), [307, 1]);
  assert(seconds < 10, `it took ${seconds} s`); // below 1 s where nothing else runs
});

Deno.test("parseTokenizer() is not slowed down by tokens that look like numbers far apart", () => {
  const vocab = `{${Array.from({ length: 65_536 }, (_, i) => `"${i * 65_536}":${i}`).join(",")}}`;
  const start = cpuMilliseconds();
  tokenizerOf(`{"model":{"vocab":${vocab},"merges":[]}}`, "tokenizer.json");
  assert(cpuMilliseconds() - start < 10_000); // a Map takes a minute
});
