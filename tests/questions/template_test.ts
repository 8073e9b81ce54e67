import assert from "node:assert/strict";
import { WrittenNumber } from "../../lib/questions/fields.ts";
import { fieldsOf, fillTemplate, parseTemplate } from "../../lib/questions/template.ts";
import { inputError } from "../support/input_errors.ts";

const fieldsWith = (object: Record<string, unknown>) => ({
  get: (name: string) => Object.hasOwn(object, name) ? object[name] : undefined,
  names: Object.keys(object),
});
const fill = (template: string, object: Record<string, unknown>) =>
  fillTemplate(parseTemplate(template), fieldsWith(object), "a:3");

Deno.test("fillTemplate() leaves what fields hold as it is: braces, $& and numbers as written", () => {
  const fields = { a: "$& {b} $1", b: new WrittenNumber("01.50"), c: true };
  assert.equal(fill("{a}|{b}|{c}", fields), "$& {b} $1|01.50|true");
});

Deno.test("parseTemplate() leaves braces that enclose no name", () => {
  assert.equal(fill('{"k": {a}} {} }{', { a: "x" }), '{"k": x} {} }{');
  assert.deepEqual(fieldsOf(parseTemplate("{a} {b} {a}")), ["a", "b"]);
});

Deno.test("fillTemplate() names the line that lacks a field, or holds no text there", () => {
  assert.throws(
    () => fill("{b}", { a: 1 }),
    inputError("a:3: the field b is missing; the fields are a"),
  );
  assert.throws(() => fill("{a}", { a: null }), inputError("a:3: the field a is null"));
  assert.throws(() => fill("{a}", { a: [] }), inputError(/a:3: the field a is a list/));
  assert.throws(() => fill("{a}", { a: "\ud83d" }), inputError(/cut in half/));
  assert.throws(() => fill("{__proto__}", { a: "x" }), inputError(/__proto__ is missing/));
});
