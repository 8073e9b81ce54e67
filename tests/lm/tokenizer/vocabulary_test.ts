import assert from "node:assert/strict";
import { Vocabulary } from "../../../lib/lm/tokenizer/vocabulary.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Tokens that differ only in how many zeros end them, and those around where keys become hashes. */
const ODD = [
  ...["", "\0", "\0\0", "\0\0\0\0", "\0\0\0\0\0\0\0", "\0\0\0\0\0\0\0\0"],
  ...["a", "a\0", "\0a", "abcd", "abcd\0", "abcde", "abcdefg", "abcdefgh", "abcdefgi", "abcdefghi"],
  ...["\ufeff", "\ufeffa"], // which begin with a byte-order mark
  ...["é", "ÿÿÿ", "🙂🙂", "🙂🙂🙂", "__proto__"],
];

Deno.test("Vocabulary tells tokens apart that are nearly the same, short and long ones", () => {
  const vocabulary = new Vocabulary();
  ODD.forEach((token, id) => {
    const bytes = bytesOf(`<${token}>`);
    assert.equal(vocabulary.idOf(token), -1);
    vocabulary.add(bytes, 1, bytes.length - 1, id);
  });
  assert.equal(vocabulary.size, ODD.length);
  assert.equal(vocabulary.twice, undefined);
  assert.deepEqual(ODD.map((token) => vocabulary.idOf(token)), [...ODD.keys()]);
  assert.deepEqual(ODD.map((_, id) => vocabulary.tokenOf(id)), ODD);
  assert.equal(vocabulary.tokenOf(ODD.length), undefined);
});

Deno.test("Vocabulary keeps 5,000 tokens, however few were expected", () => {
  for (const expected of [0, 999.5, 5000]) {
    const vocabulary = new Vocabulary(expected);
    const tokens = Array.from({ length: 5000 }, (_, i) => "x".repeat(i % 12) + i);
    tokens.forEach((token, i) => vocabulary.add(bytesOf(token), 0, token.length, 2 * i));
    tokens.forEach((token, i) => assert.equal(vocabulary.idOf(token), 2 * i));
    assert.deepEqual([vocabulary.idOf("5000"), vocabulary.tokenOf(9998)], [-1, tokens[4999]]);
  }
});

Deno.test("Vocabulary names the first token that is there twice, and lets the first of the two count", () => {
  const vocabulary = new Vocabulary();
  const tokens = ["a", "abcdefghi", "b", "abcdefghi", "a"];
  tokens.forEach((token, id) => vocabulary.add(bytesOf(token), 0, token.length, id));
  assert.equal(vocabulary.twice, "abcdefghi");
  assert.deepEqual(tokens.map((token) => vocabulary.idOf(token)), [0, 1, 2, 1, 0]);
});

Deno.test("Vocabulary.idsOf() finds the tokens among 3,000 texts, more than are looked for at a time", () => {
  const vocabulary = new Vocabulary();
  const texts = Array.from({ length: 3000 }, (_, i) => "x".repeat(i % 11) + i);
  texts.forEach((text, i) => {
    if (i % 3 !== 0) vocabulary.add(bytesOf(text), 0, text.length, 7 * i);
  });
  const bounds = new Int32Array(texts.length + 1);
  texts.forEach((text, i) => bounds[i + 1] = bounds[i]! + text.length);
  const ids = new Int32Array(texts.length);
  vocabulary.idsOf(bytesOf(texts.join("")), bounds, texts.length, ids);
  assert.deepEqual([...ids], texts.map((_, i) => i % 3 === 0 ? -1 : 7 * i));
});

Deno.test("Vocabulary.idOfNext() finds tokens in their order, out of it, and none that is not there", () => {
  const vocabulary = new Vocabulary();
  ODD.forEach((token, id) => vocabulary.add(bytesOf(token), 0, bytesOf(token).length, id));
  const next = (token: string) => vocabulary.idOfNext(bytesOf(token), 0, bytesOf(token).length);
  const order = [0, 1, 2, 3, 9, 10, 4, ODD.length - 1, 0, 0, 13, 14, 15, 12];
  assert.deepEqual(order.map((id) => next(ODD[id]!)), order);
  assert.deepEqual([next("b"), next("abcdefgj"), next(ODD[13]!)], [-1, -1, 13]);
});
