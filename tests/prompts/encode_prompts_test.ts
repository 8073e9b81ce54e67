import assert from "node:assert/strict";
import { encodePrompts, type EncodePromptsOptions } from "../../lib/prompts/encode_prompts.ts";
import { loadTokenizer } from "../../lib/lm/tokenizer.ts";
import { parsePosition } from "../../lib/questions/position.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { inputError } from "../support/input_errors.ts";

const plain = await loadTokenizer(`${REFERENCE}/lm`);
const beginning = plain.encode("!")[0]!;
/** A tokenizer that puts a beginning token before each text. */
const tokenizer = {
  ...plain.surroundedBy({ before: [beginning], after: [] }),
  beginning: undefined,
};
const DEFAULTS = { tokenizer, directory: "lm", path: "a.jsonl" };

function encode(
  texts: readonly string[],
  position: string,
  options: Partial<EncodePromptsOptions> = {},
  fields: Record<string, unknown> = {},
) {
  const prompts = texts.map((text, i) => ({
    line: i + 1,
    text,
    fields: { get: (name: string) => fields[name], names: Object.keys(fields) },
    labels: [],
  }));
  return encodePrompts(prompts, { ...DEFAULTS, position: parsePosition(position), ...options });
}

/** The tokens up to the one that counts, as text. */
function upTo(text: string, position: string, options: Partial<EncodePromptsOptions> = {}): string {
  const { choice } = encode([text], position, options)[0]!;
  const spans = tokenizer.encodeSpans(text);
  const { end } = spans["token" in choice ? choice.token : NaN]!;
  return new TextDecoder().decode(new TextEncoder().encode(text).slice(0, end));
}

const tokenAt = (text: string, position: string, fields = {}) =>
  encode([text], position, {}, fields)[0]!.choice;

Deno.test("positions count added tokens, from 0 and from the end", () => {
  const { length } = tokenizer.encode("a b");
  assert.deepEqual(tokenAt("a b", "0"), { token: 0 });
  assert.deepEqual(tokenAt("a b", "last"), { token: length - 1 });
  assert.deepEqual(tokenAt("a b", "-2"), { token: length - 2 });
  assert.deepEqual(tokenAt("a b", "field:n", { n: "-2" }), { token: length - 2 });
});

Deno.test("a position beyond the prompt is refused with its line and the numbers", () => {
  const { length } = tokenizer.encode("a");
  const message = `a.jsonl:1: there is no position 99: the prompt has ${length} tokens, 0 to ${
    length - 1
  }`;
  assert.throws(() => tokenAt("a", "99"), inputError(message));
  assert.throws(() => tokenAt("a", "-99"), inputError(/there is no position -99/));
  assert.throws(
    () => tokenAt("a", "field:n", { m: 1 }),
    inputError("a.jsonl:1: the position n is missing; the fields are m"),
  );
  assert.throws(() => tokenAt("a", "field:n", { n: null }), inputError(/the position n is null/));
  assert.throws(
    () => tokenAt("a", "field:n", { n: "x" }),
    inputError(/the position n is x, expected/),
  );
});

Deno.test("at:TEXT is the token with the text's last byte, also behind what bytes and units count apart", () => {
  for (const before of ["", "🌊🌊 ", "東京 𝒻 👩‍🚀 ", "e\u0301 "]) {
    const found = upTo(`${before}in Zürich, he`, "at:Zürich");
    assert(found.startsWith(`${before}in Zürich`), found);
    const { choice } = encode([`${before}in Zürich, he`], "at:Zürich")[0]!;
    const token = "token" in choice ? choice.token : NaN;
    const { start } = tokenizer.encodeSpans(`${before}in Zürich, he`)[token]!;
    const last = new TextEncoder().encode(`${before}in Zürich`).length - 1;
    assert(start <= last, "and no later one");
  }
});

Deno.test("before:TEXT is the last token that ends where the text begins, an added one at the beginning", () => {
  assert.equal(upTo("ab cd", "before: cd"), "ab");
  assert(upTo("ab cd", "before:cd").length <= 3);
  assert.deepEqual(tokenAt("ab", "before:ab"), { token: 0 });
  const without = () => encode(["ab"], "before:ab", { tokenizer: plain });
  assert.throws(without, inputError(/a\.jsonl:1: no token ends before "ab"/));
});

Deno.test("a text that occurs twice is an error unless an occurrence is named", () => {
  assert.throws(
    () => tokenAt("a b a", "at:a"),
    inputError(
      'a.jsonl:1: the prompt holds "a" 2 times; --occurrence first or last takes one of them',
    ),
  );
  assert.equal(upTo("a, b, a!", "at:a", { occurrence: "first" }), "a");
  assert.equal(upTo("a, b, a!", "at:a", { occurrence: "last" }), "a, b, a");
});

Deno.test("an occurrence is refused where the position looks for no text", () => {
  for (const position of ["mean", "max", "any", "last", "0", "field:n"]) {
    for (const occurrence of ["first", "last"] as const) {
      assert.throws(
        () => encode(["a b a"], position, { occurrence }, { n: "0" }),
        inputError(
          `--occurrence ${occurrence}: the position ${position} looks for no text that could occur ` +
            "several times",
        ),
      );
    }
  }
  assert.deepEqual(encode(["a b"], "before:b", { occurrence: "last" }).length, 1);
});

Deno.test("all lines without the text of the position are named; fields may be part of it", () => {
  assert.throws(
    () => encode(["x", "at", "y"], "at:at"),
    inputError(/the prompts of 2 lines do not hold the text of the position: lines 1, 3;/),
  );
  assert.throws(
    () => encode(["x"], "at:at"),
    inputError(/^a\.jsonl:1: the prompt does not hold "at"/),
  );
  assert.deepEqual(tokenAt("x y", "at:{s}", { s: "y" }), tokenAt("x y", "at:y"));
  assert.throws(() => tokenAt("x", "at:{s}", { s: "" }), inputError(/looks for is empty/));
});

Deno.test("pooling leaves out what the tokenizer adds, and none that stands in the text", () => {
  const { length } = tokenizer.encode("!a");
  const choice = tokenAt("!a", "mean");
  assert.deepEqual(
    "tokens" in choice && choice.tokens,
    Array.from({ length: length - 1 }, (_, i) => i + 1),
  );
  assert.throws(() => tokenAt("", "mean"), inputError(/no token to pool, but 1/));
});

Deno.test("a beginning token that is there twice is said once, with both facts", () => {
  const said: string[] = [];
  const say = (message: string) => said.push(message);
  const observer = { phase() {}, progress() {}, done() {}, note: say, warn: say };
  const [first] = encode(["!a", "!b"], "last", { observer });
  assert.equal(first!.ids[1], beginning);
  assert.equal(said.length, 1);
  assert.match(said[0]!, /^a\.jsonl: 2 prompts begin, the first on line 1, .* adds it once more/);
});

Deno.test("where the user puts the beginning token there, the tokenizer is not said to", () => {
  const heard = (text: string, position: string, own: typeof plain, prependBos?: boolean) => {
    const said: string[] = [];
    const say = (message: string) => said.push(message);
    const observer = { phase() {}, progress() {}, done() {}, note: say, warn: say };
    encode([text], position, { tokenizer: own, prependBos, observer });
    return said;
  };
  const name = (own: typeof plain): typeof plain => ({
    ...own,
    beginning: { text: "!", id: beginning },
    surroundedBy: (others) => name(own.surroundedBy(others)),
  });
  const named = name(plain);
  const adding = name(plain.surroundedBy({ before: [beginning], after: [] }));
  assert.deepEqual(heard("!a", "last", named, true), [
    "a.jsonl: the prompt of line 1 begins with the beginning token !, and one more is put before " +
    "every prompt, as was asked: it is there twice",
  ]);
  for (const decided of [undefined, true]) {
    assert.match(heard("!a", "last", adding, decided)[0]!, /the tokenizer of lm adds it once more/);
  }
  assert.deepEqual(heard("!a", "last", named), []);
  assert.deepEqual(heard("a", "mean", named, true), [
    "pooling leaves out what is added to each prompt: !",
  ]);
  assert.deepEqual(heard("a", "mean", adding, false), [
    "pooling takes all tokens of each prompt: none is added to it",
  ]);
});

Deno.test("prepend_bos decides: no leaves the tokenizer's out, yes needs one that is named", () => {
  const ids = (prependBos: boolean, other = tokenizer as typeof plain) =>
    encode(["a"], "last", { prependBos, tokenizer: other })[0]!.ids;
  assert.deepEqual(ids(false), plain.encode("a"));
  assert.deepEqual(ids(true), tokenizer.encode("a"));
  const named = { ...plain, beginning: { text: "!", id: beginning } };
  assert.deepEqual(ids(true, named), [beginning, ...plain.encode("a")]);
  const unnamed = { ...plain, beginning: undefined };
  assert.throws(
    () => ids(true, unnamed),
    inputError(/^--prepend_bos: the tokenizer of lm names no/),
  );
});

Deno.test("ids are taken as they stand, and checked against the model", () => {
  const limits = { vocab_size: 10, n_positions: 3 };
  const of = (ids: number[], options: Partial<EncodePromptsOptions> = {}) => {
    const prompt = { line: 5, ids, fields: { get: () => undefined, names: [] }, labels: [] };
    return encodePrompts([prompt], { directory: "lm", path: "a.jsonl", limits, ...options });
  };
  assert.deepEqual(of([9, 0]), [{ line: 5, ids: [9, 0], choice: { token: 1 } }]);
  assert.throws(
    () => of([1, 2, 3, 4]),
    inputError("a.jsonl:5: the prompt has 4 tokens; the model lm takes at most 3"),
  );
  assert.throws(
    () => of([10]),
    inputError("a.jsonl:5: the prompt has token 10, but the model lm has 10, 0 to 9"),
  );
  assert.throws(() => of([]), inputError("a.jsonl:5: the list of ids is empty"));
  assert.throws(() => of([1], { prependBos: true }), inputError(/^--prepend_bos: the ids/));
  assert.throws(
    () => of([1], { position: parsePosition("at:a") }),
    inputError(/^--position: .*are ids/),
  );
});

Deno.test("a prompt of no token is refused with its line", () => {
  const none = () => encode([""], "last", { tokenizer: plain });
  assert.throws(
    none,
    inputError("a.jsonl:1: the prompt is empty, and the tokenizer of lm adds no token"),
  );
  const unknown = { ...plain, encode: () => [] };
  assert.throws(
    () => encode(["?"], "last", { tokenizer: unknown }),
    inputError(/^a\.jsonl:1: the prompt has no tokens: the tokenizer of lm has none for any/),
  );
});
