/** Token ids against those that Hugging Face's libraries gave: make_tokenizer_fixtures.py. */
import assert from "node:assert/strict";
import { loadTokenizer } from "../../../lib/lm/tokenizer.ts";
import { tokenizerOf } from "../../support/tokenizer_of.ts";
import { InputError } from "../../../lib/base/errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";

type Row = [text: string, ids: number[]];
type Component = { type: string; [field: string]: unknown };

interface Oracle {
  bases: Record<string, { model: object; [field: string]: unknown }>;
  cases: {
    base: string;
    changes: { normalizer?: Component; pre_tokenizer?: Component };
    model: object;
    rows: Row[];
  }[];
}

const oracle: Oracle = read("tokenizers.json");
const directories: { what: string; files: Record<string, unknown>; rows: Row[] }[] = read(
  "directories.json",
);

function read(name: string) {
  return JSON.parse(
    Deno.readTextFileSync(new URL(`../../fixtures/tokenizers/${name}`, import.meta.url)),
  );
}

Deno.test("tokenizers of many kinds give the ids of Rust's, or are refused by their component", () => {
  let compared = 0;
  let refused = 0;
  for (const { base, changes, model, rows } of oracle.cases) {
    const whole = oracle.bases[base]!;
    const definition = { ...whole, ...changes, model: { ...whole.model, ...model } };
    const text = JSON.stringify(definition);
    let tokenizer;
    try {
      tokenizer = tokenizerOf(text, "tokenizer.json");
    } catch (error) {
      assert(error instanceof InputError, `${error}`);
      assert.match(error.message, /^tokenizer\.json: (pre_tokenizer: |the added token )/);
      refused++;
      continue;
    }
    for (const [text, ids] of rows) {
      assert.deepEqual(tokenizer.encode(text), ids, JSON.stringify({ text, changes, model }));
      compared++;
    }
  }
  assert(compared >= 1900, `only ${compared} texts were compared, ${refused} were refused`);
});

for (const { what, files, rows } of directories) {
  Deno.test(`loadTokenizer() gives the ids of transformers for ${what}`, async () => {
    using directory = new TemporaryDirectory();
    const { model } = oracle.bases.bytes as { model: { vocab: object; merges: string[][] } };
    for (const [name, content] of Object.entries(files)) {
      const common: Record<string, () => string> = {
        "vocab.json": () => JSON.stringify(model.vocab),
        "merges.txt": () =>
          `#version: 0.2\n${model.merges.map((pair) => pair.join(" ") + "\n").join("")}`,
        "tokenizer.json": () =>
          JSON.stringify({ ...oracle.bases.bytes, ...content as Record<string, unknown> }),
      };
      directory.write(name, common[name]?.() ?? JSON.stringify(content));
    }
    const tokenizer = await loadTokenizer(directory.path);
    for (const [text, ids] of rows) assert.deepEqual(tokenizer.encode(text), ids, text);
  });
}

Deno.test("a tokenizer refuses half of a surrogate pair, and takes a whole one", () => {
  const tokenizer = tokenizerOf(JSON.stringify(oracle.bases.bytes), "tokenizer.json");
  assert.throws(() => tokenizer.encode("a\ud800b"), InputError);
  assert.equal(tokenizer.encode("\ud83d\ude42").length > 0, true);
});

// What transformers 5.24 gives: each adds a token of this text, and the last one's properties count.
for (const [lstrips, spaces] of [[[true, false], 1], [[false, true], 0]] as const) {
  Deno.test(`of two special tokens of one text, the last one's properties count: ${lstrips}`, () => {
    const [bos, pad] = lstrips.map((lstrip) => ({ content: "<new>", lstrip }));
    const config = { bos_token: bos, pad_token: pad };
    const tokenizer = tokenizerOf(JSON.stringify(oracle.bases.bytes), "tokenizer.json", config);
    const [space] = tokenizer.encode(" ");
    assert.equal(tokenizer.encode("a <new>").filter((id) => id === space).length, spaces);
  });
}
