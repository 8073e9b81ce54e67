import assert from "node:assert/strict";
import { findJsonProblem } from "../../lib/files/json_limits.ts";

Deno.test("findJsonProblem() finds nothing in ordinary JSON", () => {
  for (
    const text of [
      '{"a": 1, "b": [1, 2, {"a": "b"}], "c": {"a": {}}}',
      '[{"a": 1}, {"a": 2}]',
      String.raw`{"a\"": 1, "a": "\\", "b": "a\":"}`,
      '"a"',
      "[]",
      "",
    ]
  ) assert.equal(findJsonProblem(text), undefined, text);
});

Deno.test("findJsonProblem() leaves to the parser what is no JSON", () => {
  for (const text of ["]]]", '{"a', '{"a\\', "{]", '{"a" "a"', '{"\\x":', "}{", '"a":1,"a":2']) {
    assert.equal(findJsonProblem(text), undefined, text);
  }
});

Deno.test("findJsonProblem() names a field that an object has twice", () => {
  assert.equal(findJsonProblem('{"a": 1, "b": {"c": 1}, "a": 2}'), "has two fields a");
  assert.equal(findJsonProblem('[0, {"x": {"c": 1, "d": [], "c": 1}}]'), "has two fields c");
  assert.equal(findJsonProblem('{"__proto__": 1, "__proto__" : 1}'), "has two fields __proto__");
});

Deno.test("findJsonProblem() knows a name by its characters, however they are written", () => {
  assert.equal(findJsonProblem(String.raw`{"a": 1, "\u0061": 2}`), "has two fields a");
});

Deno.test("findJsonProblem() accepts 100 levels and no more", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  assert.equal(findJsonProblem(nested(100)), undefined);
  assert.equal(findJsonProblem(nested(101)), "is nested over 100 levels deep");
  assert.equal(findJsonProblem("[[]]".repeat(1000)), undefined);
});

Deno.test("findJsonProblem() counts no brackets and commas in texts", () => {
  assert.equal(findJsonProblem(`["${"[{,:".repeat(500_000)}"]`), undefined);
});

Deno.test("findJsonProblem() accepts a million values and no more", () => {
  assert.equal(findJsonProblem(`[${"0,".repeat(999_999)}0]`), undefined);
  assert.equal(findJsonProblem(`[${"0,".repeat(1_000_000)}0]`), "holds over 1000000 values");
});
