import assert from "node:assert/strict";
import { readPrompts } from "../../lib/questions/prompt_file.ts";
import type { PromptFields } from "../../lib/questions/prompt_fields.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** Reads a file, with all that whoever listens is told. */
async function read(content: string, fields: PromptFields, name = "a.jsonl") {
  using directory = new TemporaryDirectory();
  const said: string[] = [];
  const say = (message: string) => said.push(message);
  const path = directory.write(name, content);
  const observer = { phase() {}, progress() {}, done() {}, note: say, warn: say };
  const file = await readPrompts(path, fields, observer);
  return { ...file, said: said.join("\n").replaceAll(path, name) };
}

const jsonl = (...lines: unknown[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join("");
const refuses = (content: string, fields: PromptFields, message: RegExp, name?: string) =>
  assert.rejects(read(content, fields, name), inputError(message));

Deno.test("readPrompts() makes AlignSAE's prompt of a question unless fields are named", async () => {
  const { prompts } = await read(jsonl({ question: "Who?" }), {});
  assert.equal(prompts[0]?.text, "Q: Who?\nA:");
});

Deno.test("readPrompts() takes a text field as it stands, and numbers as they are written", async () => {
  const { prompts } = await read('{"t{": " a ", "n": 1.50, "person_id": 7}\n', {
    textField: "t{",
    labelFields: ["n"],
  });
  assert.equal(prompts[0]?.text, " a ");
  assert.deepEqual(prompts[0]?.labels, [{ text: "1.50", kind: "number" }]);
  assert.equal(prompts[0]?.person, "7");
});

Deno.test("readPrompts() takes a blank cell for nobody, not for one person of all such lines", async () => {
  const content = "text,person_id,template_idx,who\na,,, \nb,p1,0,x\n";
  const { prompts } = await read(content, { textField: "text" }, "a.csv");
  assert.deepEqual(prompts.map(({ person, wording }) => [person, wording]), [
    [undefined, undefined],
    ["p1", "0"],
  ]);
  const named = { textField: "text", clusterField: "who" };
  await refuses(content, named, /a\.csv:2: the field who is missing, null or empty$/, "a.csv");
});

Deno.test("readPrompts() reads a spreadsheet's CSV, in which every label is a text", async () => {
  const content = '\ufefftext;n\r\n"a\r\nb";01\r\nc;\r\n';
  const fields = { textField: "text", labelFields: ["n"], skipUnlabelled: true };
  const { prompts, skipped, said, delimiter } = await read(content, fields, "a.csv");
  assert.deepEqual(prompts.map(({ line, text }) => [line, text]), [[2, "a\r\nb"]]);
  assert.deepEqual(prompts[0]?.labels, [{ text: "01", kind: "text" }]);
  assert.equal(skipped, 1);
  assert.equal(delimiter, ";");
  assert.match(said, /parted by a semicolon[^]*1 of 2 lines have no label in n and are left out/);
});

Deno.test("readPrompts() lets a delimiter make a table of any file, and force another", async () => {
  const { prompts } = await read(
    "a;b|text\n1|x,y\n",
    { delimiter: "|", textField: "text" },
    "a.txt",
  );
  assert.equal(prompts[0]?.text, "x,y");
});

Deno.test("readPrompts() parts a file of tabs by tabs, and any by what its first line says", async () => {
  const fields = { textField: "text" };
  const lines = async (content: string, name: string) => {
    const { prompts, said } = await read(content, fields, name);
    return [...prompts.map(({ line, text }) => `${line}: ${text}`), said];
  };
  assert.deepEqual(await lines("text\na, b\n", "a.tsv"), [
    "2: a, b",
    "a.tsv: its cells are parted by a tab, as its name says",
  ]);
  assert.deepEqual(await lines("sep=;\r\ntext;n\r\na, b;1\r\n", "a.csv"), [
    "3: a, b",
    "a.csv: its cells are parted by a semicolon, as its first line says",
  ]);
  const { prompts } = await read("sep=,\na|text\n1|x\n", { ...fields, delimiter: "|" }, "a.csv");
  assert.deepEqual(prompts.map(({ line, text }) => [line, text]), [[3, "x"]]);
});

Deno.test("readPrompts() reads ids as they stand, from lists and from cells", async () => {
  assert.deepEqual((await read(jsonl({ i: [5, 0] }), { idsField: "i" })).prompts[0]?.ids, [5, 0]);
  const table = await read('i\n"[5, 0]"\n7 8\n', { idsField: "i" }, "a.csv");
  assert.deepEqual(table.prompts.map(({ ids }) => ids), [[5, 0], [7, 8]]);
  await refuses(jsonl({ i: [1.5] }), { idsField: "i" }, /:1: the field i holds 1\.5 in place 0/);
  await refuses(jsonl({ i: [-1] }), { idsField: "i" }, /holds -1 in place 0/);
  await refuses(jsonl({ i: ["a"] }), { idsField: "i" }, /expected a token id/);
});

Deno.test("readPrompts() names the line without a label, or leaves it out and counts it", async () => {
  for (const [label, what] of [[undefined, "missing"], [null, "null"], ["", "empty"]]) {
    const content = jsonl({ text: "a", l: "x" }, { text: "b", l: label });
    const fields = { textField: "text", labelFields: ["l"] };
    await refuses(content, fields, new RegExp(`:2: the label l is ${what}; --skip_unlabelled`));
    assert.equal((await read(content, { ...fields, skipUnlabelled: true })).skipped, 1);
  }
  await refuses(
    jsonl({ text: "a", l: ["x"] }),
    { textField: "text", labelFields: ["l"] },
    /the label l is a list/,
  );
});

Deno.test("readPrompts() says which fields there are where one is named that is not", async () => {
  await refuses(
    jsonl({ text: "a" }),
    {},
    /no line has the field question; .* text; .*--text_field/,
  );
  await refuses(
    jsonl({ a: "a" }),
    { template: "{b}" },
    /no line has the field b; the fields are a/,
  );
  await refuses(jsonl({ a: "a" }, { b: "b" }), { textField: "a" }, /:2: the field a is missing/);
});

Deno.test("readPrompts() refuses a malformed table by its line", async () => {
  await refuses("a,b\n1\n", { textField: "a" }, /:2: 1 cell, but the header has 2/, "a.csv");
  await refuses("a,a\n1,2\n", { textField: "a" }, /:1: two columns are named a/, "a.csv");
});

Deno.test("readPrompts() refuses text and ids at once, and warns of an escape in a template", async () => {
  await refuses(jsonl({ a: "x" }), { idsField: "a", textField: "a" }, /^--text_field: /);
  const { prompts, said } = await read(jsonl({ a: "x" }), { template: "{a}\\n" });
  assert.equal(prompts[0]?.text, "x\\n");
  assert.match(said, /a backslash and a letter, which stay/);
});
