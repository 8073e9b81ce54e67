import assert from "node:assert/strict";
import { pictureRows, scriptEntries, tableRows } from "../../tools/listed_scripts.ts";
import { inputError } from "../support/input_errors.ts";
import { ROOT } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

function script(name: string, kind = "pictureCommand") {
  return { name, kind, path: `scripts/${name}.ts` };
}

Deno.test("scriptEntries() says what scripts make, and their rows tell it", async () => {
  const scripts = [
    script("slots"),
    script("emergence"),
    script("statistics", "tableCommand"),
    script("devices"),
  ];
  const entries = await scriptEntries(ROOT, scripts);
  assert.deepEqual(entries.map(({ file, draws }) => [file, draws]), [
    ["layer{00}_relation_slots_only", true],
    ["all_layers_emergence", true],
    ["layer{00}_statistics.json", false],
    [undefined, false],
  ]);
  assert.deepEqual(pictureRows(entries).map(({ cells }) => cells.join(" | ")), [
    "`slots` | `layer{00}_relation_slots_only` | the relation slots, with their numbers",
    "`emergence` | `all_layers_emergence` | from which layer on each relation can be told apart",
  ]);
  assert.deepEqual(tableRows(entries).map(({ name }) => name), ["layer{00}_statistics.json"]);
});

Deno.test("scriptEntries() names a script that cannot be loaded, or is called otherwise", async () => {
  using directory = new TemporaryDirectory();
  directory.write("scripts/broken.ts", 'import "./missing.ts";\n');
  directory.write("scripts/other.ts", 'export const other = { name: "another" };\n');
  await assert.rejects(
    scriptEntries(directory.path, [script("broken")]),
    inputError(/^scripts\/broken.ts cannot be loaded: .*missing.ts/),
  );
  await assert.rejects(
    scriptEntries(directory.path, [script("other")]),
    inputError(/^scripts\/other.ts: its command is called another; call the file/),
  );
});
