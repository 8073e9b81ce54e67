import assert from "node:assert/strict";
import { UsageError } from "../../lib/base/errors.ts";
import { findRelation } from "../../lib/cli/find_relation.ts";

const RELATIONS = ["1", "0", "name=x", "2"].map((key, index) => ({ index, key }));

Deno.test("a relation is found by its key or its number", () => {
  assert.equal(findRelation([{ index: 4, key: "major" }], "4", "--relation"), 0);
  assert.equal(findRelation([{ index: 4, key: "major" }], "major", "--relation"), 0);
  assert.equal(findRelation(RELATIONS, "3", "--relation"), 3);
  assert.equal(findRelation(RELATIONS, "name=x", "--relation"), 2);
});

Deno.test("a number that is the key of another relation is no wish for either", () => {
  assert.throws(() => findRelation(RELATIONS, "0", "--against"), (error) => {
    assert(error instanceof UsageError);
    assert.equal(
      error.message,
      "--against: 0 is the number of one relation (key 1) and the key of another (number 1); " +
        "write name=1 or name=0",
    );
    return true;
  });
  assert.equal(findRelation(RELATIONS, "name=0", "--against"), 1);
  assert.equal(findRelation(RELATIONS, "name=1", "--against"), 0);
});

Deno.test("a relation that there is not is named, with those that there are", () => {
  assert.throws(
    () => findRelation(RELATIONS, "no", "--relation"),
    /^UsageError: --relation: there is no relation no; there are 1, 0, name=x, 2$/,
  );
});
