import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import { openLanguageModel } from "../../lib/lm/language_model.ts";
import { tokenizeQuestions } from "../../lib/prompts/tokenize_questions.ts";
import type { Tokenizer } from "../../lib/lm/tokenizer.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

Deno.test("tokenizeQuestions() tokenises the prompt of a question", async () => {
  using directory = new TemporaryDirectory();
  const model = await openLanguageModel(writeTinyModel(directory).directory);
  const [ids] = tokenizeQuestions(model, [{ line: 1, relation: 0, text: "Who?" }], "qa.jsonl");
  assert.deepEqual(ids, model.tokenizer.encode("Q: Who?\nA:"));
});

Deno.test("tokenizeQuestions() takes a prompt that just fits the model's positions", async () => {
  using directory = new TemporaryDirectory();
  const question = { line: 7, relation: 0, text: "Who?" };
  const open = async (n_positions: number) =>
    await openLanguageModel(writeTinyModel(directory, { config: { n_positions } }).directory);
  const roomy = await open(40);
  const length = tokenizeQuestions(roomy, [question], "qa.jsonl")[0]!.length;
  assert.equal(tokenizeQuestions(await open(length), [question], "qa.jsonl")[0]!.length, length);
  const tight = await open(length - 1);
  assert.throws(
    () => tokenizeQuestions(tight, [question], "qa.jsonl"),
    new InputError(
      `qa.jsonl:7: the question makes a prompt of ${length} tokens; the model ` +
        `${tight.directory} takes at most ${length - 1}`,
    ),
  );
});

Deno.test("tokenizeQuestions() notices a tokenizer of another model", async () => {
  using directory = new TemporaryDirectory();
  const { directory: path } = writeTinyModel(directory, { config: { vocab_size: 40 } });
  const model = await openLanguageModel(path);
  assert.throws(
    () => tokenizeQuestions(model, [{ line: 1, relation: 0, text: "Who?" }], "qa.jsonl"),
    /^InputError: qa.jsonl:1: the question makes token \d+, but the model .* has 40: its tokenizer/,
  );
});

Deno.test("tokenizeQuestions() names the line of a prompt that cannot be encoded or has no tokens", async () => {
  using directory = new TemporaryDirectory();
  const model = await openLanguageModel(writeTinyModel(directory).directory);
  const question = { line: 7, relation: 0, text: "Who?\ud800" };
  assert.throws(
    () => tokenizeQuestions(model, [question], "qa.jsonl"),
    /^InputError: qa.jsonl:7: the text has half of a surrogate pair/,
  );
  const none = { ...model, tokenizer: { encode: () => [] } as unknown as Tokenizer };
  assert.throws(
    () => tokenizeQuestions(none, [question], "qa.jsonl"),
    /^InputError: qa.jsonl:7: the question makes a prompt of no tokens: the tokenizer of /,
  );
});
