/** Whoever adds a picture or a table writes two files: tried on a copy of the project. */
import assert from "node:assert/strict";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { sourceChanges, textChanges } from "../../tools/lists.ts";
import { layerResult } from "../support/layer_results.ts";
import { ROOT } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** What is copied: what `coact` and the tool are made of. */
const COPIED = ["coact.ts", "deno.json", "deno.lock", "docs", "lib", "scripts", "tools"];

function copy(from: string, to: string): void {
  if (!Deno.statSync(from).isDirectory) return Deno.copyFileSync(from, to);
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) copy(`${from}/${name}`, `${to}/${name}`);
}

/** The script of a picture or a table. */
function script(name: string, make: string, from: string, summary: string): string {
  return `/** A script of its own. */
import { runCommand } from "../lib/cli/process.ts";
import { type ArtifactCommand, ${make} } from "../lib/cli/regenerate.ts";

/** The command. */
export const ${name}: ArtifactCommand = ${make}({
  name: "${name}",
  artifact: async () => (await import("../lib/${from}")).${name},
  summary: "${summary}",
  examples: ["deno task ${name}"],
});

if (import.meta.main) await runCommand(${name}, import.meta.url);
`;
}

const ADDED = {
  "lib/pictures/mirrored.ts": `/** A picture of its own. */
import type { Recipe } from "./recipe.ts";
import { relationSlots } from "./relation_slots.ts";

/** The picture. */
export const mirrored: Recipe = {
  file: "mirrored_slots",
  array: "means",
  dpi: 20,
  figure: (picture) => relationSlots(picture),
};
`,
  "scripts/mirrored.ts": script(
    "mirrored",
    "pictureCommand",
    "pictures/mirrored.ts",
    "Draw layer{00}_mirrored_slots.png: the slots, mirrored.",
  ),
  "lib/results/artifacts/totals.ts": `/** A table of its own. */
import { z } from "zod";
import type { TableArtifact } from "../artifact.ts";
import { LONGEST, named } from "../schema_parts.ts";

/** The table. */
export const totals: TableArtifact<"means", { total: number }> = {
  file: "totals.json",
  from: "means",
  make: ({ record, means }) =>
    Object.fromEntries(
      record.relations.map(({ key }, row) => {
        const stride = means.length / record.relations.length;
        const own = means.subarray(row * stride, (row + 1) * stride);
        return [key, { total: own.reduce((a, b) => a + b) }];
      }),
    ),
  schema: named(z.strictObject({ total: z.number() }), { longest: LONGEST.key, most: 9 }),
};
`,
  "scripts/totals.ts": script(
    "totals",
    "tableCommand",
    "results/artifacts/totals.ts",
    "Make layer{00}_totals.json again: by relation, the sum of the means.",
  ),
} as const;

Deno.test("two files and deno task lists make a picture or a table a command of coact", async () => {
  using directory = new TemporaryDirectory();
  const project = `${directory.path}/coact`;
  Deno.mkdirSync(project);
  for (const name of COPIED) copy(`${ROOT}/${name}`, `${project}/${name}`);
  for (const [path, text] of Object.entries(ADDED)) directory.write(`coact/${path}`, text);
  const missing = (await sourceChanges(project)).map(({ path }) => path);
  assert.deepEqual(missing, [
    "coact.ts",
    "lib/results/artifacts/all.ts",
    "lib/pictures/all_pictures.ts",
  ]);

  const deno = async (args: readonly string[]) => {
    const started = new Deno.Command(Deno.execPath(), { args: [...args], cwd: project });
    const { code, stderr } = await started.output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
  };
  await deno(["task", "--quiet", "lists"]);
  assert.deepEqual([...await sourceChanges(project), ...await textChanges(project)], []);
  await deno(["fmt", "--check", "--quiet", ...missing, "deno.json", "docs/pictures.md"]);
  const read = (path: string) => Deno.readTextFileSync(`${project}/${path}`);
  assert.match(
    read("docs/pictures.md"),
    /^\| `mirrored` +\| `layer\{00\}_mirrored_slots` +\| the slots, mirrored +\|$/m,
  );
  assert.match(
    read("docs/results.md"),
    /^\| `layer\{00\}_totals\.json` +\| by relation, the sum of the means; `totals` makes it again +\|$/m,
  );

  const results = `${directory.path}/results`;
  Deno.mkdirSync(results);
  await writeLayerResult(results, layerResult());
  const again = ["--layers", "6", "--output_dir", results];
  await deno(["task", "--quiet", "mirrored", ...again]);
  await deno(["run", "--allow-all", "coact.ts", "totals", ...again]);
  assert.deepEqual(JSON.parse(Deno.readTextFileSync(`${results}/layer06_totals.json`)), {
    birth_date: { total: 10.5 },
    birth_city: { total: 2.25 },
  });
  assert(Deno.statSync(`${results}/layer06_mirrored_slots.png`).size > 1000);
});
