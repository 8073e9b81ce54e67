import assert from "node:assert/strict";
import { decidingSettings } from "../../lib/prompts/deciding_settings.ts";
import type { PromptSettings } from "../../lib/prompts/prompt_settings.ts";
import { bytesSource } from "../support/bytes_source.ts";
import { loadTokenizer } from "../../lib/lm/tokenizer.ts";
import { parsePosition } from "../../lib/questions/position.ts";
import { questionsByRule } from "../../lib/questions/labelled_questions.ts";
import { readPromptLines } from "../../lib/questions/prompt_lines.ts";
import { readPrompts } from "../../lib/questions/prompt_file.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** Two prompts; the second holds `a` several times. */
const CSV = "rule_idx,question,person_id\n0,Who met him?,p1\n0,Anna or Ada?,p2\n";

/** What of some settings decides anything of a file, in which nothing that is not said is left. */
async function deciding(
  settings: PromptSettings,
  name = "questions.csv",
  text = CSV,
): Promise<Partial<PromptSettings>> {
  using directory = new TemporaryDirectory();
  const path = directory.write(name, text);
  const file = questionsByRule(await readPrompts(path, settings));
  const tokenizer = await loadTokenizer(`${REFERENCE}/lm`); // which adds no beginning token
  const { questions } = file;
  const decided = decidingSettings(settings, { file, questions, tokenizer });
  return Object.fromEntries(Object.entries(decided).filter(([, value]) => value !== undefined));
}

const SAID_IN_VAIN: readonly [what: string, settings: PromptSettings][] = [
  ["that no beginning token is added, where the tokenizer adds none", { prependBos: false }],
  ["the delimiter that the header shows", { delimiter: "," }],
  ["AlignSAE's template", { template: "Q: {question}\nA:" }],
  ["AlignSAE's template beside a field", { template: "Q: {question}\nA:", textField: "question" }],
  ["the usual field of persons", { clusterField: "person_id" }],
];
for (const [what, settings] of SAID_IN_VAIN) {
  Deno.test(`it decides nothing: ${what}`, async () => {
    assert.deepEqual(await deciding(settings), {});
  });
}

const DECIDING: readonly [what: string, settings: PromptSettings][] = [
  ["that a beginning token is added, where the tokenizer adds none", { prependBos: true }],
  ["another template", { template: "{question}\nA:" }],
  ["a field as the prompt, even that of the template", { textField: "question" }],
  ["another field of persons", { clusterField: "question" }],
];
for (const [what, settings] of DECIDING) {
  Deno.test(`it decides: ${what}`, async () => {
    assert.deepEqual(await deciding(settings), settings);
  });
}

Deno.test("a template that is a field alone is that field, and one overrules a field beside it", async () => {
  assert.deepEqual(await deciding({ template: "{question}" }), { textField: "question" });
  const template = "{question}!";
  assert.deepEqual(await deciding({ template, textField: "person_id" }), { template });
});

Deno.test("which occurrence counts decides where a prompt holds the text several times", async () => {
  const occurrenceOf = async (position: string, text = CSV) => {
    const settings = { position: parsePosition(position), occurrence: "last" as const };
    return (await deciding(settings, "questions.csv", text)).occurrence;
  };
  assert.equal(await occurrenceOf("before:A"), "last");
  assert.equal(await occurrenceOf("at:?"), undefined);
  const first = CSV.split("\n").slice(0, 2).join("\n");
  assert.equal(await occurrenceOf("before:A", first), undefined);
});

Deno.test("a delimiter decides that a file is a table whose name does not say it, and which it is", async () => {
  const said = { delimiter: "," };
  assert.deepEqual(await deciding(said, "questions.txt"), said);
  assert.deepEqual(await deciding(said, "questions.tsv"), {});
  const declared = `sep=;\n${CSV}`; // the header says one thing, and the first line another
  assert.deepEqual(await deciding(said, "questions.csv", declared), said);
});

Deno.test("readPromptLines() says what would part cells if nobody said it", async () => {
  const of = async (name: string, delimiter?: string) => {
    const source = bytesSource(name, new TextEncoder().encode("a;b\n1;2\n"));
    return (await readPromptLines(source, { delimiter })).ownDelimiter;
  };
  assert.equal(await of("x.csv"), ";");
  assert.equal(await of("x.csv", ","), ";");
  assert.equal(await of("x.txt", ";"), undefined);
});
