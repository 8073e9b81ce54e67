import assert from "node:assert/strict";
import { occurrencesOf, parsePosition, positionText } from "../../lib/questions/position.ts";

Deno.test("parsePosition() reads every kind, and positionText() writes it", () => {
  for (
    const text of ["last", "0", "-2", "field:n", "at: the {x}", "before:a:b", "mean", "max", "any"]
  ) {
    const position = parsePosition(text);
    assert(position !== undefined, text);
    assert.equal(positionText(position), text);
  }
  assert.deepEqual(parsePosition("-1"), parsePosition("last"));
});

Deno.test("parsePosition() knows no other", () => {
  for (const text of ["", "first", "at:", "field:", "1.5", "at", "median"]) {
    assert.equal(parsePosition(text), undefined, text);
  }
});

Deno.test("occurrencesOf() counts those that overlap", () => {
  assert.deepEqual(occurrencesOf("aa", "aaa"), [0, 1]);
});
