/** The lists are what the files are; that two files make a command of coact is among what soaks. */
import assert from "node:assert/strict";
import { differences, lists, sourceChanges, textChanges } from "../../tools/lists.ts";
import { run } from "../support/run.ts";
import { ROOT } from "../support/scripts.ts";

Deno.test("the lists name what there is: if this fails, run deno task lists", async () => {
  const changes = [...await sourceChanges(ROOT), ...await textChanges(ROOT)];
  assert.deepEqual(changes.flatMap((change) => [change.path, ...differences(change)]), []);
});

Deno.test("deno task lists --check says that nothing is missing", async () => {
  const { code, out, err } = await run(lists, ["--check"]);
  assert.deepEqual([code, out, err], [0, ["all lists are complete"], []]);
});
