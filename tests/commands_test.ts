/**
 * The list of commands is that of `coact.ts`; whatever else lists them is held against it: the files
 * in `scripts/`, the tasks of deno.json, the pages of `docs/`, and the artifacts, of which each has a
 * command that makes it again.
 */
import assert from "node:assert/strict";
import { coact } from "../coact.ts";
import config from "../deno.json" with { type: "json" };
import type { ArtifactCommand } from "../lib/cli/regenerate.ts";
import type { RunPictureCommand, SitePictureCommand } from "../lib/cli/statistics_picture.ts";
import { RUN_PICTURES } from "../lib/pictures/all_run_pictures.ts";
import { SITE_PICTURES } from "../lib/pictures/all_site_pictures.ts";
import { LAYER_PICTURES } from "../lib/pictures/all_pictures.ts";
import { TOP_FEATURES } from "../lib/pictures/names.ts";
import type { Artifact } from "../lib/results/artifact.ts";
import { NUMBERS, TABLES } from "../lib/results/artifacts/all.ts";
import { ROOT, scriptNames, taskFlags } from "./support/scripts.ts";

const TASKS: Readonly<Record<string, { description: string; command: string }>> = config.tasks;

/** What a script that makes a table again may do, and what drawing needs besides. */
const READ_AND_WRITE = ["--no-prompt", "--allow-read", "--allow-write"];
const DRAW = [
  "--allow-ffi",
  "--allow-env=NAPI_RS_NATIVE_LIBRARY_PATH,NAPI_RS_FORCE_WASI,DISABLE_SYSTEM_FONTS_LOAD",
];

const commands = coact.commands.filter((each): each is ArtifactCommand => "artifact" in each);
const artifacts = await Promise.all(commands.map(({ artifact }) => artifact()));
const ofStatistics = coact.commands.filter((each): each is SitePictureCommand | RunPictureCommand =>
  "picture" in each
);
const statisticsPictures = await Promise.all(ofStatistics.map(({ picture }) => picture()));
/** What each of them makes. */
const made = [
  ...commands.map(({ name }, i) => ({ name, artifact: artifacts[i]! })),
  ...ofStatistics.map(({ name }, i) => ({ name, artifact: statisticsPictures[i]! })),
];

/** What an artifact's files are called, as the documentation writes it. */
function documentedName(made: Pick<Artifact, "file">): string {
  const { file } = made;
  return "keep" in made ? file : `layer{00}_${file.replace("#", String(TOP_FEATURES))}`;
}

const pages = [...Deno.readDirSync(`${ROOT}/docs`)].map(({ name }) => name)
  .filter((name) => name.endsWith(".md") && name !== "architecture.md")
  .map((name) => Deno.readTextFileSync(`${ROOT}/docs/${name}`)).join("\n");

Deno.test("every picture of a layer and every table has one command that makes it again", () => {
  assert.deepEqual(new Set(artifacts), new Set<Artifact>([...LAYER_PICTURES, ...TABLES]));
  assert.deepEqual(new Set(statisticsPictures), new Set([...SITE_PICTURES, ...RUN_PICTURES]));
  assert.equal(made.length, new Set(made.map(({ artifact }) => artifact)).size);
});

Deno.test("every command has a script, and every script is a command", () => {
  assert.deepEqual(coact.commands.map(({ name }) => name).toSorted(), scriptNames());
});

for (const name of scriptNames()) {
  Deno.test(`deno.json has a task ${name} that runs the script and says what it makes`, () => {
    const task = TASKS[name];
    assert(task !== undefined, `deno.json: the task ${name} is missing; run deno task lists`);
    assert.equal(task.command, `deno run ${taskFlags(name).join(" ")} scripts/${name}.ts`);
    assert(task.description.length > 10);
  });

  Deno.test(`a page of docs/ has a line about ${name}`, () => {
    const named = new RegExp(`\`${name}\`|deno task (-q )?${name}\\b`);
    assert.match(pages, named, `no page of docs/ says what ${name} is`);
  });
}

made.forEach(({ name, artifact }) => {
  const isPicture = "figure" in artifact;
  Deno.test(`the task ${name} may do what its artifact needs, and no more`, () => {
    assert.deepEqual(taskFlags(name), isPicture ? [...READ_AND_WRITE, ...DRAW] : READ_AND_WRITE);
    const file = `${documentedName(artifact)}${isPicture ? ".png" : ""}`;
    assert.equal(TASKS[name]?.description, `${file} again, from what is on disk`);
  });
});

Deno.test("every file of a layer has a line in docs/", () => {
  for (const artifact of [...NUMBERS, ...LAYER_PICTURES, ...SITE_PICTURES, ...RUN_PICTURES]) {
    const name = documentedName(artifact);
    assert(pages.includes(`| \`${name}\``) || pages.includes(` \`${name}\` `), name);
  }
});
