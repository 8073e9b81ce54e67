import assert from "node:assert/strict";
import { chosenLayers } from "../../lib/cli/chosen_layers.ts";
import { inputErrorNaming } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("a directory that is not there is named, whether layers are asked for or all", async () => {
  using directory = new TemporaryDirectory();
  const output_dir = `${directory.path}/none`;
  for (const layers of ["all", [6]] as const) {
    await assert.rejects(
      chosenLayers({ output_dir, layers: layers === "all" ? layers : [...layers] }),
      inputErrorNaming(output_dir, "does not exist; make an analysis with"),
    );
  }
  assert.deepEqual(await chosenLayers({ output_dir: directory.path, layers: [6] }), [6]);
});

Deno.test("where analyses lie below a directory, one of these is named, whether layers are asked for or all", async () => {
  using directory = new TemporaryDirectory();
  const below = `${directory.path}/test_id`;
  Deno.mkdirSync(below);
  Deno.writeTextFileSync(`${below}/layer06_analysis.json`, "{}");
  for (const layers of ["all", [6]] as const) {
    await assert.rejects(
      chosenLayers({ output_dir: directory.path, layers: layers === "all" ? layers : [...layers] }),
      inputErrorNaming(directory.path, `name one below it with --output_dir: ${below}`),
    );
  }
  assert.deepEqual(await chosenLayers({ output_dir: below, layers: [7] }), [7]);
});
