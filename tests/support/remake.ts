/** Has scripts make again what was lost of results, with the permissions of their tasks. */
import assert from "node:assert/strict";
import { coact } from "../../coact.ts";
import type { ArtifactCommand } from "../../lib/cli/regenerate.ts";
import { runScript } from "./scripts.ts";
import { TemporaryDirectory } from "./temporary.ts";
import { writeTinyInputs } from "./tiny_analysis.ts";

/** The scripts that make something of a layer again. */
const OF_LAYERS = coact.commands.filter((each): each is ArtifactCommand => "artifact" in each);

/** The scripts that make something again from what is on disk. */
export const REMAKING: readonly string[] = [...OF_LAYERS.map(({ name }) => name), "summary"];

/** Analyses a layer, to a directory by a link; then each script makes again what was removed. */
export async function remake(scripts: readonly string[]): Promise<void> {
  using directory = new TemporaryDirectory();
  const [link, results] = [`${directory.path}/link`, `${directory.path}/large disk`];
  await Deno.mkdir(results);
  await Deno.symlink(results, link);
  const args = writeTinyInputs(directory, { layers: [0] });
  const first = await runScript("analyze", [...args, "--output_dir", link]);
  assert.equal(first.code, 0, first.err);
  for (const name of scripts) {
    const file = await fileOf(results, name);
    await Deno.remove(`${results}/${file}`);
    const { code, err } = await runScript(name, ["--output_dir", results]);
    assert.equal(code, 0, err);
    assert((await Deno.stat(`${results}/${file}`)).size > 0);
  }
}

/** The name of the file that a script makes again; a picture's has a format. */
async function fileOf(directory: string, script: string): Promise<string> {
  if (script === "summary") return "all_layers_relation_slots_summary.png";
  const artifact = await OF_LAYERS.find(({ name }) => name === script)!.artifact();
  const pattern = new RegExp(`^layer00_${artifact.file.replace("#", "\\d+")}(\\.png)?$`);
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name);
  const found = names.filter((name) => pattern.test(name));
  assert.equal(found.length, 1, `${artifact.file} is there ${found.length} times`);
  return found[0]!;
}
