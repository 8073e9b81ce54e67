import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import { loadTokenizer } from "../../lib/lm/tokenizer.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/**
 * Byte-level BPE, written from its definition: split into words, bytes as visible characters, then
 * merge the neighbours of lowest rank again and again.
 */
function encodeByDefinition(text: string): number[] {
  const { model } = JSON.parse(Deno.readTextFileSync(`${REFERENCE}/lm/tokenizer.json`));
  const ranks = new Map<string, number>(
    model.merges.map((pair: string | string[], i: number) => [
      typeof pair === "string" ? pair : pair.join(" "),
      i,
    ]),
  );
  const visible = [...range(33, 127), ...range(161, 173), ...range(174, 256)];
  const hidden = range(0, 256).filter((byte) => !visible.includes(byte));
  const character = (byte: number) =>
    String.fromCharCode(visible.includes(byte) ? byte : 256 + hidden.indexOf(byte));
  const words = text.match(
    /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu,
  )!;
  return words.flatMap((word) => {
    let parts = [...new TextEncoder().encode(word)].map(character);
    while (true) {
      const pairs = parts.slice(1).map((part, i) => ranks.get(`${parts[i]} ${part}`) ?? Infinity);
      const best = Math.min(...pairs);
      if (best === Infinity) return parts.map((part) => model.vocab[part]);
      const at = pairs.indexOf(best);
      parts = [...parts.slice(0, at), parts[at]! + parts[at + 1]!, ...parts.slice(at + 2)];
    }
  });
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}

const TEXTS = [
  "Q: In which city is the office of Adele Dunn?\nA:",
  "Q: What's Zoë Çelik's date of birth?\nA:",
  "Q:  two  spaces, 1234 and 日本 🙂\nA:",
];

for (const text of TEXTS) {
  Deno.test(`loadTokenizer() gives the ids of byte-level BPE for ${JSON.stringify(text)}`, async () => {
    const tokenizer = await loadTokenizer(`${REFERENCE}/lm`);
    assert.deepEqual(tokenizer.encode(text), encodeByDefinition(text));
  });
}

Deno.test("loadTokenizer() needs no tokenizer_config.json", async () => {
  using directory = new TemporaryDirectory();
  directory.write("tokenizer.json", Deno.readTextFileSync(`${REFERENCE}/lm/tokenizer.json`));
  const tokenizer = await loadTokenizer(directory.path);
  assert.deepEqual(tokenizer.encode(TEXTS[0]!), encodeByDefinition(TEXTS[0]!));
});

for (const content of ["[]", "{", '{"model": {"type": "Unheard"}}']) {
  Deno.test(`loadTokenizer() refuses a tokenizer.json that is ${content}`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("tokenizer.json", content);
    await assert.rejects(loadTokenizer(directory.path), (error) => {
      assert(error instanceof InputError);
      assert(error.message.startsWith(path) && !error.message.includes("\n"), error.message);
      return true;
    });
  });
}

Deno.test("loadTokenizer() refuses a tokenizer_config.json of wrong types or of 8 MiB", async () => {
  using directory = new TemporaryDirectory();
  directory.write("tokenizer.json", Deno.readTextFileSync(`${REFERENCE}/lm/tokenizer.json`));
  for (
    const [content, problem] of [
      ['{"add_prefix_space": 7}', "add_prefix_space: "],
      ["[]", ""],
      [" ".repeat(2 ** 23 + 1), ""],
      ['{"added_tokens_decoder": []}', "added_tokens_decoder: expected an object"],
      ['{"added_tokens_decoder": {"x": {}}}', "added_tokens_decoder.x: expected an id"],
      ['{"added_tokens_decoder": {"7": {"content": 1}}}', "added_tokens_decoder.7: content: "],
    ] as const
  ) {
    const path = directory.write("tokenizer_config.json", content);
    await assert.rejects(loadTokenizer(directory.path), inputErrorNaming(path, problem));
  }
});

Deno.test("loadTokenizer() is not harmed by fields __proto__", async () => {
  using directory = new TemporaryDirectory();
  const plain = Deno.readTextFileSync(`${REFERENCE}/lm/tokenizer.json`).trim();
  directory.write("tokenizer.json", `{"__proto__": {"model": 1}, ${plain.slice(1)}`);
  directory.write("tokenizer_config.json", '{"__proto__": {"add_prefix_space": true}}');
  const tokenizer = await loadTokenizer(directory.path);
  for (const text of TEXTS) assert.deepEqual(tokenizer.encode(text), encodeByDefinition(text));
  assert.equal("add_prefix_space" in {}, false);
});

Deno.test("loadTokenizer() says what stands in a file's place, and what is missing", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "tokenizer.json",
    "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n",
  );
  await assert.rejects(loadTokenizer(directory.path), inputErrorNaming(path, "Git LFS pointer"));
  Deno.removeSync(path);
  await assert.rejects(loadTokenizer(directory.path), inputErrorNaming(path, "does not exist"));
  const sentencePiece = directory.write("tokenizer.model", "\n\x05");
  await assert.rejects(
    loadTokenizer(directory.path),
    inputErrorNaming(path, "does not exist, but tokenizer.model (SentencePiece)"),
  );
  Deno.removeSync(sentencePiece);
  directory.write("vocab.json", '{"a":0}');
  await assert.rejects(
    loadTokenizer(directory.path),
    inputErrorNaming(`${directory.path}/merges.txt`, "does not exist"),
  );
  directory.write("merges.txt", "#version: 0.2\n");
  assert.deepEqual((await loadTokenizer(directory.path)).encode("aba"), [0, 0]);
  directory.write("tokenizer_config.json", '{"tokenizer_class": "CLIPTokenizer"}');
  await assert.rejects(
    loadTokenizer(directory.path),
    inputErrorNaming(directory.path, "tokenizer_class is CLIPTokenizer"),
  );
});
