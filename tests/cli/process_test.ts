import assert from "node:assert/strict";
import { runAs } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("a defect that nothing catches ends a script with exit code 70, and says what it was", async () => {
  using directory = new TemporaryDirectory();
  const faulty = import.meta.resolve("../support/faulty.ts");
  const { code, err } = await runAs("statistics", faulty, [], directory.path);
  assert.equal(code, 70);
  assert.match(err, /^error: this is a defect in coact: .*nothing catches this$/m);
});
