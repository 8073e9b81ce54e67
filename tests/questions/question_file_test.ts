import assert from "node:assert/strict";
import { readQuestions } from "../../lib/questions/question_file.ts";
import { questionLineSchema } from "../../lib/questions/question_line.ts";
import { REFERENCE } from "../support/fixtures.ts";
import { inputError, inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("readQuestions() keeps the questions in file order, with their lines", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "qa.jsonl",
    '{"rule_idx": 1, "rule_name": "birth_city", "question": "Where?"}\n' +
      '{"rule_idx": 0, "rule_name": "birth_date", "question": "When?"}\n',
  );
  const { questions, relationNames } = await readQuestions(path);
  assert.deepEqual(questions, [
    { line: 1, relation: 1, text: "Where?" },
    { line: 2, relation: 0, text: "When?" },
  ]);
  assert.deepEqual([...relationNames], [[1, "birth_city"], [0, "birth_date"]]);
});

Deno.test("readQuestions() understands CRLF, a byte-order mark and blank lines", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "qa.jsonl",
    '\uFEFF{"rule_idx": 0, "question": "A?"}\r\n\r\n \t\r\n{"rule_idx": 0, "question": "B?"}\r\n\r\n',
  );
  const { questions } = await readQuestions(path);
  assert.deepEqual(questions, [
    { line: 1, relation: 0, text: "A?" },
    { line: 4, relation: 0, text: "B?" },
  ]);
});

Deno.test("readQuestions() reads a last line without a line end", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("qa.jsonl", '{"rule_idx": 0, "question": "A?"}');
  assert.equal((await readQuestions(path)).questions.length, 1);
});

Deno.test("readQuestions() leaves the question as it is written", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "qa.jsonl",
    String.raw`{"rule_idx": 0, "question": " Né\u2028à\nMünchen?\t"}`,
  );
  assert.equal((await readQuestions(path)).questions[0]!.text, " Né\u2028à\nMünchen?\t");
});

Deno.test("readQuestions() ignores fields it does not know", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "qa.jsonl",
    '{"person_id": "p", "is_ood": false, "answer": null, "rule_idx": 2, "question": "A?"}\n',
  );
  assert.deepEqual((await readQuestions(path)).questions, [
    { line: 1, relation: 2, text: "A?", person: "p" },
  ]);
});

Deno.test("readQuestions() reads whose a question is and which wording, where that is a name", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "qa.jsonl",
    '{"rule_idx": 0, "question": "A?", "person_id": 7, "template_idx": 0}\n' +
      '{"rule_idx": 0, "question": "B?", "person_id": null, "template_idx": {"a": 1}}\n' +
      '{"rule_idx": 0, "question": "C?", "person_id": " ", "template_idx": NaN}\n',
  );
  const { questions } = await readQuestions(path);
  assert.deepEqual(questions, [
    { line: 1, relation: 0, text: "A?", person: "7", template: "0" },
    { line: 2, relation: 0, text: "B?" },
    { line: 3, relation: 0, text: "C?" },
  ]);
});

Deno.test("readQuestions() takes a relation's name from whichever line has one", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "qa.jsonl",
    '{"rule_idx": 0, "question": "A?"}\n' +
      '{"rule_idx": 0, "rule_name": "birth_date", "question": "B?"}\n' +
      '{"rule_idx": 0, "question": "C?"}\n' +
      '{"rule_idx": 1, "question": "D?"}\n',
  );
  const { relationNames } = await readQuestions(path);
  assert.deepEqual([...relationNames], [[0, "birth_date"], [1, undefined]]);
});

Deno.test("readQuestions() gives the SHA-256 of the file's bytes, blank lines included", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("qa.jsonl", '\uFEFF{"rule_idx":0,"question":"é?"}\r\n\r\n');
  assert.equal(
    (await readQuestions(path)).sha256, // by sha256sum
    "a86b5d484052486a50c8c40e7f5c079d16d5c9ccecb838d597ac2618e64bf948",
  );
});

Deno.test("readQuestions() reads the reference's questions", async () => {
  const { questions, relationNames } = await readQuestions(`${REFERENCE}/qa/qa_test_id.jsonl`);
  assert.equal(questions.length, 240);
  assert.deepEqual(questions[1], {
    line: 2,
    relation: 1,
    text: "Which city is Chloe Castell Moor from originally?",
    person: "person_0010",
    template: "1",
  });
  assert.equal(relationNames.get(5), "company_city");
});

const MALFORMED: readonly [what: string, line: string, message: RegExp][] = [
  [
    "text that is no JSON",
    '{"rule_idx": 1, "question": "A?"',
    /:3 is no JSON object on a line of its own \(column 33\)$/,
  ],
  [
    "two objects on a line",
    '{"rule_idx": 1, "question": "A?"} {}',
    /:3 is no JSON object on a line of its own \(column 35\)$/,
  ],
  ["a list", "[]", /: .*expected object, received array$/],
  ["null", "null", /: .*expected object, received null$/],
  ["no rule_idx", '{"question": "A?"}', /: rule_idx is missing$/],
  ["a negative rule_idx", '{"rule_idx": -1, "question": "A?"}', /: rule_idx: .*>=0$/],
  ["a fractional rule_idx", '{"rule_idx": 1.5, "question": "A?"}', /: rule_idx: .*expected int/],
  ["a rule_idx that is text", '{"rule_idx": "1", "question": "A?"}', /: rule_idx: .*string$/],
  ["a rule_idx beyond 999", '{"rule_idx": 1000, "question": "A?"}', /: rule_idx: .*<1000$/],
  ["no question", '{"rule_idx": 1}', /: question is missing$/],
  ["a question that is no text", '{"rule_idx": 1, "question": 7}', /: question: .*number$/],
  ["an empty question", '{"rule_idx": 1, "question": ""}', /: question: the question is empty$/],
  ["a blank question", '{"rule_idx": 1, "question": " "}', /: question: the question is empty$/],
  [
    "an empty rule_name",
    '{"rule_idx": 1, "rule_name": "", "question": "A?"}',
    /: rule_name: expected 1 to 100 characters$/,
  ],
  [
    "a rule_name that JSON cannot keep",
    '{"rule_idx": 1, "rule_name": "__proto__", "question": "A?"}',
    /: rule_name: this name would be lost in JSON$/,
  ],
  [
    "a field that is there twice",
    '{"rule_idx": 1, "rule_idx": 2, "question": "A?"}',
    /has two fields rule_idx: 1 and 2$/,
  ],
  [
    "a NUL byte",
    '{"rule_idx": 1, "question": "A\0?"}',
    /:3 is no JSON object on a line of its own \(column 31\)$/,
  ],
  [
    "a question of over 10,000 characters",
    `{"rule_idx": 1, "question": "${"a".repeat(10_001)}"}`,
    /: question: the question is longer than 10000 characters$/,
  ],
  [
    "a blank rule_name",
    '{"rule_idx": 1, "rule_name": " ", "question": "A?"}',
    /the name is blank$/,
  ],
  [
    "a rule_name of 101 characters",
    `{"rule_idx": 1, "rule_name": "${"🐢".repeat(101)}", "question": "A?"}`,
    /: rule_name: expected 1 to 100 characters$/,
  ],
  [
    "half a character in a rule_name",
    String.raw`{"rule_idx": 1, "rule_name": "a\ud83d", "question": "A?"}`,
    /: rule_name: a character is cut in half \(a lone surrogate\)$/,
  ],
  [
    "half a character in a question",
    String.raw`{"rule_idx": 1, "question": "A\udc22?"}`,
    /: question: a character is cut in half \(a lone surrogate\)$/,
  ],
  [
    "a rule_idx that is NaN",
    '{"question": "A?", "rule_idx": NaN}',
    /: rule_idx is NaN \(column 32\), expected a value that is finite$/,
  ],
  [
    "a question that is -Infinity",
    '{"rule_idx": 0, "question": -Infinity}',
    /: question is -Infinity \(column 29\), expected a value that is finite$/,
  ],
  [
    "an unread field that is there twice",
    '{"rule_idx": 1, "score": NaN, "question": "A?", "score": 0.5}',
    /has two fields score: NaN and 0.5$/,
  ],
  [
    "a rule_name with a line end",
    String.raw`{"rule_idx": 1, "rule_name": "a\nb", "question": "A?"}`,
    /: rule_name: expected no line end or other control character$/,
  ],
];

for (const [what, line, message] of MALFORMED) {
  Deno.test(`readQuestions() refuses ${what} and names the line`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("qa.jsonl", `{"rule_idx": 0, "question": "A?"}\n\n${line}\n`);
    await assert.rejects(readQuestions(path), (error: Error) => {
      assert.equal(error.message.slice(0, path.length + 2), `${path}:3`);
      return inputError(message)(error);
    });
  });
}

Deno.test("readQuestions() takes what Python writes of fields that are not read", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "qa.jsonl",
    String
      .raw`{"rule_idx": 1.0, "rule_name": null, "question": "A?", "score": NaN, "raw": "\ud83d"}` +
      "\n" + '{"rule_idx": 1e0, "rule_name": "b", "question": "B?", "m": [Infinity, -Infinity]}' +
      "\n" + '{"rule_idx": 0, "question": "C?", "id": 123456789012345678901234567890}\n',
  );
  const { questions, relationNames } = await readQuestions(path);
  assert.deepEqual(questions.map(({ relation, text }) => [relation, text]), [
    [1, "A?"],
    [1, "B?"],
    [0, "C?"],
  ]);
  assert.deepEqual([...relationNames], [[1, "b"], [0, undefined]]);
});

Deno.test("readQuestions() refuses a file that is no UTF-8 text and names the line", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("qa.jsonl", Uint8Array.of(0x0a, 0xff, 0x0a));
  await assert.rejects(
    readQuestions(path),
    inputError(`${path}:2: the line is no UTF-8 text (column 1)`),
  );
});

Deno.test("readQuestions() refuses two names for one relation", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "qa.jsonl",
    '{"rule_idx": 3, "rule_name": "major", "question": "A?"}\n' +
      '{"rule_idx": 3, "rule_name": "minor", "question": "B?"}\n',
  );
  await assert.rejects(
    readQuestions(path),
    inputError(`${path}:2: relation 3 is named minor, on an earlier line major`),
  );
});

Deno.test("readQuestions() refuses an empty file", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("qa.jsonl", "");
  await assert.rejects(readQuestions(path), inputError(`${path} holds no questions`));
});

Deno.test("readQuestions() refuses a file of blank lines", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("qa.jsonl", "\n\r\n  \n");
  await assert.rejects(readQuestions(path), inputError(`${path} holds no questions`));
});

Deno.test("readQuestions() says which file does not exist", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/missing.jsonl`;
  await assert.rejects(
    readQuestions(path),
    inputError(
      `${path} does not exist; name the question file with --qa_file`,
    ),
  );
});

Deno.test("questionLineSchema can be given to other tools as a JSON Schema", () => {
  const schema = questionLineSchema.toJSONSchema() as { required: string[] };
  assert.deepEqual(schema.required, ["rule_idx", "question"]);
});

Deno.test("readQuestions() takes fields for fields, whatever they mean in JavaScript", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write(
    "qa.jsonl",
    '{"__proto__": {"rule_idx": 1}, "constructor": 1, "rule_idx": 0, "question": "A?"}\n' +
      '{"__proto__": {"rule_idx": 1}, "question": "A?"}\n',
  );
  await assert.rejects(readQuestions(path), inputError(`${path}:2: rule_idx is missing`));
  const named = directory.write(
    "named.jsonl",
    '{"rule_idx": 0, "rule_name": "constructor", "question": "A?"}\n',
  );
  assert.deepEqual([...(await readQuestions(named)).relationNames], [[0, "constructor"]]);
});

for (
  const [what, text, problem] of [
    [
      "a Git LFS pointer",
      "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 665\n",
      "is a Git LFS pointer",
    ],
    ["a web page", "<!DOCTYPE html>\n<html><head>", "is a web page (HTML)"],
    ["a zip archive", "PK\x03\x04", "is a zip archive"],
  ] as const
) {
  Deno.test(`readQuestions() refuses ${what}`, async () => {
    using directory = new TemporaryDirectory();
    const path = directory.write("qa.jsonl", text);
    await assert.rejects(readQuestions(path), inputErrorNaming(path, problem));
  });
}

Deno.test("readQuestions() says from where a file was looked for, and of an unfinished download", async () => {
  await assert.rejects(
    readQuestions("no/such/qa.jsonl"),
    inputErrorNaming("no/such/qa.jsonl", `does not exist (looked for from ${Deno.cwd()})`),
  );
  using directory = new TemporaryDirectory();
  const unfinished = directory.write("qa.jsonl.part", "{");
  await assert.rejects(
    readQuestions(`${directory.path}/qa.jsonl`),
    inputErrorNaming(unfinished, "has not come to its end"),
  );
});

Deno.test("readQuestions() says what is in the place of a file", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(
    readQuestions(directory.path),
    inputErrorNaming(directory.path, "is a directory, expected a file"),
  );
  const path = `${directory.path}/qa.jsonl`;
  Deno.symlinkSync("elsewhere.jsonl", path);
  await assert.rejects(readQuestions(path), inputErrorNaming(path, "is a link to elsewhere.jsonl"));
});

Deno.test("readQuestions() says how to name the fields of a file that is not AlignSAE's", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("texts.jsonl", '{"text": "The sea is blue."}\n');
  await assert.rejects(
    readQuestions(path),
    inputError(
      `${path}:1: rule_idx is missing; name the field of the prompt with --text_field, its label's ` +
        "with --label_field",
    ),
  );
});
