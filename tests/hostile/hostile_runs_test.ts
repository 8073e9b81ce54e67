/** What a user sees who runs `analyze`, with the permissions of its task, on files from strangers. */
import assert from "node:assert/strict";
import { exists } from "../../lib/files/look.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { pickleOf, torchFile } from "../support/torch_file.ts";
import { PLACES, refusalOf, testRefusedRuns } from "./refused_runs.ts";

// Tensors of the model, an SAE: the soak has all places.
testRefusedRuns(["safetensors", "sae"]);

Deno.test("analyze does not run what a checkpoint tells it to run", async () => {
  using directory = new TemporaryDirectory();
  const marker = `${directory.path}/executed`;
  const err = await refusalOf(PLACES.sae!, (path) => {
    const call = pickleOf(`cos\nsystem\n(Vtouch ${marker}\ntR.`);
    Deno.writeFileSync(path, torchFile(call, {}));
  });
  assert.match(
    err,
    /it holds what os\.system makes, and coact reads pickles as data and executes nothing/,
  );
  assert.equal(await exists(marker), false);
});
