import assert from "node:assert/strict";
import { tokensToFiles } from "../../lib/states/tokens_to_files.ts";
import { tokenTable } from "../../lib/cli/token_table.ts";
import type { PromptSettings } from "../../lib/prompts/prompt_settings.ts";
import { parsePosition } from "../../lib/questions/position.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

async function tokens(directory: TemporaryDirectory, content: string, prompts: PromptSettings) {
  for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
    directory.write(`lm/${name}`, Deno.readTextFileSync(`${REFERENCE}/lm/${name}`));
  }
  const outcome = await tokensToFiles({
    lmModel: `${directory.path}/lm`,
    questionFile: directory.write("a.jsonl", content),
    prompts,
    outputDirectory: `${directory.path}/out`,
  });
  const read = (name: string) => Deno.readTextFileSync(`${directory.path}/out/${name}`);
  const lines = read("tokens.jsonl").trimEnd().split("\n").map((line) => JSON.parse(line));
  return { ...outcome, lines, record: JSON.parse(read("tokens.json")) };
}

Deno.test("tokensToFiles() needs the tokenizer's files only", async () => {
  using directory = new TemporaryDirectory();
  const { lines, record, prompts, tokenizer } = await tokens(
    directory,
    '{"t": "a é", "l": 10}\n{"t": "b ", "l": 9}\n',
    { textField: "t", labelFields: ["l"] },
  );
  assert.deepEqual(lines.map(({ ids }) => ids), ["a é", "b "].map((t) => tokenizer!.encode(t)));
  assert.equal(lines[0].position, lines[0].ids.length - 1);
  assert.equal(lines[0].tokens.length, lines[0].ids.length);
  assert.deepEqual(record.groups[0].labels, [
    { label: "10", prompts: 1 },
    { label: "9", prompts: 1 },
  ]);
  assert.equal(record.prompt_template, null);
  const table = tokenTable(prompts[0]!, tokenizer);
  assert.match(table[0]!, /^line 1: \d tokens, position \d$/);
  assert.match(table.at(-1)!, /^> /);
});

Deno.test("tokensToFiles() says null for the position of pooling", async () => {
  using directory = new TemporaryDirectory();
  const { lines, record } = await tokens(directory, '{"question": "a"}\n', {
    position: parsePosition("mean"),
  });
  assert.equal(lines[0].position, null);
  assert.equal(record.prompt_template, "Q: {question}\nA:");
});
