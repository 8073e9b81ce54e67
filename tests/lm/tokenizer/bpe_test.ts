import assert from "node:assert/strict";
import { Bpe } from "../../../lib/lm/tokenizer/bpe.ts";
import { JsonReader } from "../../../lib/lm/tokenizer/json_reader.ts";
import { readMerges, readVocabulary } from "../../../lib/lm/tokenizer/read_model.ts";
import { InputError } from "../../../lib/base/errors.ts";
import { cpuMilliseconds } from "../../support/cpu_time.ts";

const PLAIN = { unk_token: null, fuse_unk: false, byte_fallback: false, ignore_merges: false };
const reading = (value: object) =>
  new JsonReader(new TextEncoder().encode(JSON.stringify(value)), "t");

function bpe(vocab: Record<string, number>, merges: string[], options: object = {}): Bpe {
  const vocabulary = readVocabulary(reading(vocab), "t");
  const read = readMerges(reading(merges), vocabulary, "t");
  return new Bpe(vocabulary, read, { ...PLAIN, ...options });
}

/** Byte-pair encoding as it is defined: the best pair is looked for again after each merge. */
function byDefinition(word: string, vocab: Record<string, number>, merges: string[]): number[] {
  let parts = [...word].filter((character) => character in vocab);
  while (true) {
    const ranks = parts.slice(1).map((part, i) => merges.indexOf(`${parts[i]} ${part}`));
    const best = Math.min(...ranks.filter((rank) => rank !== -1));
    if (best === Infinity) return parts.map((part) => vocab[part]!);
    const at = ranks.indexOf(best);
    parts = [...parts.slice(0, at), parts[at]! + parts[at + 1]!, ...parts.slice(at + 2)];
  }
}

Deno.test("Bpe gives what the definition does, for 3,000 words and 100 lists of merges", () => {
  let seed = 1;
  const random = (below: number) => (seed = seed * 48271 % 2147483647) % below;
  for (let list = 0; list < 100; list++) {
    const tokens = ["a", "b", "c", "é", "🙂"];
    const merges: string[] = [];
    while (merges.length < 12) {
      const pair = [tokens[random(tokens.length)]!, tokens[random(tokens.length)]!];
      if (tokens.includes(pair.join(""))) continue; // what makes one token in two ways is below
      merges.push(pair.join(" "));
      tokens.push(pair.join(""));
    }
    const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
    const model = bpe(vocab, merges);
    for (let i = 0; i < 30; i++) {
      const word = Array.from(
        { length: random(30) },
        () => ["a", "b", "c", "é", "🙂", "x"][random(6)],
      )
        .join("");
      assert.deepEqual([...model.encode(word)], byDefinition(word, vocab, merges), word);
    }
  }
});

const VOCAB = { u: 0, a: 1, b: 2, ab: 3, "<0xC3>": 4, "<0xA9>": 5, ba: 6 };

Deno.test("Bpe leaves characters without a token out before it merges", () => {
  assert.deepEqual(bpe(VOCAB, ["a b"]).encode("a#b"), [3]);
});

Deno.test("Bpe puts the unknown token for such characters, one for each or one for a run", () => {
  assert.deepEqual(bpe(VOCAB, ["a b"], { unk_token: "u" }).encode("a##b"), [1, 0, 0, 2]);
  assert.deepEqual(bpe(VOCAB, [], { unk_token: "u", fuse_unk: true }).encode("a##b#"), [
    1,
    0,
    2,
    0,
  ]);
  assert.throws(() => bpe(VOCAB, [], { unk_token: "?" }).encode("#"), InputError);
});

Deno.test("Bpe puts the tokens of a character's bytes if all exist", () => {
  const model = bpe(VOCAB, [], { byte_fallback: true, unk_token: "u" });
  assert.deepEqual(model.encode("aéb"), [1, 4, 5, 2]);
  assert.deepEqual(model.encode("ü"), [0]);
});

Deno.test("Bpe takes a word that is a token as it is if merges are to be ignored", () => {
  assert.deepEqual(bpe(VOCAB, [], { ignore_merges: true }).encode("ab"), [3]);
  assert.deepEqual(bpe(VOCAB, []).encode("ab"), [1, 2]);
});

Deno.test("Bpe takes the later of two merges of the same pair", () => {
  assert.deepEqual(bpe(VOCAB, ["a b", "b a", "a b"]).encode("aba"), [1, 6]);
});

Deno.test("Bpe encodes a word of 200,000 letters in a moment, not in minutes", () => {
  const model = bpe({ a: 0, aa: 1, aaaa: 2 }, ["a a", "aa aa"]);
  const start = cpuMilliseconds();
  assert.equal(model.encode("a".repeat(200_003)).length, 50_002);
  assert(cpuMilliseconds() - start < 10_000); // some 0.4 s; what is quadratic takes minutes
});
