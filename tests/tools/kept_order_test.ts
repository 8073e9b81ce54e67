import assert from "node:assert/strict";
import { withNew } from "../../tools/kept_order.ts";

const FOUND = [
  { name: "a", kind: "picture" },
  { name: "b", kind: "table" },
  { name: "c", kind: "picture" },
  { name: "d", kind: "other" },
];

Deno.test("withNew() leaves what is listed where it is", () => {
  assert.deepEqual(withNew(["d", "c", "b", "a"], FOUND), ["d", "c", "b", "a"]);
});

Deno.test("withNew() puts what is new after the last of its kind, or at the end", () => {
  assert.deepEqual(withNew(["a", "b"], FOUND), ["a", "c", "b", "d"]);
  assert.deepEqual(withNew([], FOUND), ["a", "c", "b", "d"]);
});

Deno.test("withNew() leaves what it does not know, as the tasks of tools", () => {
  assert.deepEqual(withNew(["a", "test"], FOUND), ["a", "c", "test", "b", "d"]);
});
