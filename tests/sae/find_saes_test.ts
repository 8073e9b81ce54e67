import assert from "node:assert/strict";
import { findSaes } from "../../lib/sae/find_saes.ts";
import { isSae } from "../../lib/sae/open_sae.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeSaelens } from "../support/tiny_saes.ts";

Deno.test("findSaes() finds SAEs however deep, those of lower numbers first, and what is damaged", async () => {
  using directory = new TemporaryDirectory();
  for (const name of ["layer_10", "layer_9", "deep/er/layer_2", ".hidden/layer_1"]) {
    writeSaelens(directory, `saes/${name}`);
  }
  writeSaelens(directory, "saes/layer_9/within"); // of its own
  directory.write("saes/notes.txt", "…");
  directory.write("saes/layer_11/ae.pt", "no file of PyTorch's");
  const { paths, damaged } = await findSaes(`${directory.path}/saes`, (path) => isSae(path));
  assert.deepEqual(paths.map((path) => path.slice(directory.path.length)), [
    "/saes/deep/er/layer_2",
    "/saes/layer_9",
    "/saes/layer_10",
  ]);
  assert.match(damaged[0]!.path, /layer_11/);
  const { paths: itself } = await findSaes(
    `${directory.path}/saes/layer_10`,
    (path) => isSae(path),
  );
  assert.deepEqual(itself, [`${directory.path}/saes/layer_10`]);
});

Deno.test("findSaes() looks into so many folders only, and says that there are more", async () => {
  using directory = new TemporaryDirectory();
  for (const name of ["a", "b", "c"]) writeSaelens(directory, name);
  const look = async (most: number) => {
    const { paths, isCutShort } = await findSaes(directory.path, (path) => isSae(path), most);
    return [paths.length, isCutShort];
  };
  assert.deepEqual(await look(4), [3, false]); // the directory itself is one
  assert.deepEqual(await look(3), [2, true]);
});
