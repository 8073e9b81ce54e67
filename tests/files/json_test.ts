import assert from "node:assert/strict";
import { z } from "zod";
import { checkAgainst, parseJson, readJson } from "../../lib/files/json.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { inputError, inputErrorNaming } from "../support/input_errors.ts";

const questions = z.object({
  questions: z.array(z.object({ prompt: z.string() })),
  threshold: z.number().default(0.1),
});

Deno.test("checkAgainst() returns the value with its defaults", () => {
  assert.deepEqual(checkAgainst(questions, { questions: [{ prompt: "a" }] }, "qa.json"), {
    questions: [{ prompt: "a" }],
    threshold: 0.1,
  });
});

Deno.test("checkAgainst() names the first field that does not fit", () => {
  const value = { questions: [{ prompt: "a" }, { prompt: 7 }], threshold: "high" };
  assert.throws(
    () => checkAgainst(questions, value, "qa.json:3"),
    inputErrorNaming("qa.json:3: questions.1.prompt: ", "expected string"),
  );
});

Deno.test("checkAgainst() names no field where the whole value does not fit", () => {
  assert.throws(
    () => checkAgainst(questions, null, "qa.json"),
    inputErrorNaming("qa.json: invalid input", "expected object"),
  );
});

Deno.test("parseJson() refuses what is no JSON", () => {
  for (const text of ["", "{", "{'a': 1}", "NaN", '{"a": 1} {"a": 2}']) {
    assert.throws(
      () => parseJson(z.unknown(), text, "qa.json"),
      inputErrorNaming("qa.json", "no JSON"),
    );
  }
});

Deno.test("parseJson() keeps a field __proto__ from changing what objects inherit", () => {
  const text = '{"questions": [], "__proto__": {"threshold": 9}}';
  const value = parseJson(questions, text, "qa.json");
  assert.equal(value.threshold, 0.1);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
});

Deno.test("readJson() reads a file with a byte-order mark", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("qa.json", '\ufeff{"questions": []}\n');
  assert.deepEqual(await readJson(questions, path), { questions: [], threshold: 0.1 });
});

Deno.test("readJson() names a file that is missing, no JSON or unfit", async () => {
  using directory = new TemporaryDirectory();
  const missing = `${directory.path}/none.json`;
  await assert.rejects(readJson(questions, missing), inputErrorNaming(missing, "does not exist"));
  const cut = directory.write("cut.json", '{"questions": [');
  await assert.rejects(readJson(questions, cut), inputErrorNaming(cut, "is no JSON"));
  const unfit = directory.write("unfit.json", "{}");
  await assert.rejects(
    readJson(questions, unfit),
    inputErrorNaming(unfit, ": questions is missing"),
  );
  const wrong = directory.write("wrong.json", '{"questions": 3}');
  await assert.rejects(
    readJson(questions, wrong),
    inputErrorNaming(`${wrong}: questions: `, "array"),
  );
});

Deno.test("parseJson() refuses a field that is there twice, and names the file", () => {
  assert.throws(
    () => parseJson(z.unknown(), '{"a": 1, "a": 2}', "qa.json:3"),
    inputErrorNaming("qa.json:3", "has two fields a"),
  );
});

Deno.test("readJson() refuses a file that is longer than it is told", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.write("long.json", '{"questions": []}');
  await readJson(questions, path, 17);
  await assert.rejects(
    readJson(questions, path, 16),
    inputErrorNaming(path, "has 17 bytes, expected at most 16"),
  );
});

Deno.test("parseJson() says where a text stops being JSON", () => {
  assert.throws(
    () => parseJson(z.unknown(), '{"größe": 1,}', "qa.json:3"),
    inputError("qa.json:3 is no JSON (column 13)"),
  );
  assert.throws(
    () => parseJson(z.unknown(), '{\n  "a": 1\n  "b": 2\n}\n', "config.json"),
    inputError("config.json is no JSON (line 3, column 3)"),
  );
});

Deno.test("parseJson() takes NaN and Infinity in fields that are not read", () => {
  const text = '{"questions": [{"prompt": "a", "score": NaN}], "margins": [Infinity, -Infinity]}';
  assert.deepEqual(parseJson(questions, text, "qa.json").questions, [{ prompt: "a" }]);
});

Deno.test("parseJson() refuses them in fields that are read, by name and column", () => {
  for (const word of ["NaN", "Infinity", "-Infinity", "1e999"]) {
    const value = Number(word);
    assert.throws(
      () => parseJson(questions, `{"questions": [], "threshold": ${word}}`, "qa.json:3"),
      inputError(
        `qa.json:3: threshold is ${value} (column 32), expected a value that is finite`,
      ),
    );
  }
  assert.throws(
    () => parseJson(questions, '{"questions": [{"prompt": "a"},\n {"prompt": NaN}]}', "qa.json"),
    inputError(
      "qa.json: questions.1.prompt is NaN (line 2, column 13), expected a value that is finite",
    ),
  );
});
