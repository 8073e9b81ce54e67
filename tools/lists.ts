/**
 * Keeps the lists that follow from files: which pictures, tables, arrays, commands, architectures and
 * formats there are. Whoever adds one writes its file, and then
 *
 *     deno task lists
 *
 * adds it to the list of its kind. A command gets its task in deno.json, and a picture, table or array
 * its row in docs/. What is gone is taken out of the lists and the tasks. Lines that are there stay as
 * and where they are: the order of a list, and the words of a row, may be changed by hand.
 *
 *     deno task lists --check
 *
 * changes nothing, and fails if something is missing or too much.
 *
 * @module
 */
import { join } from "node:path";
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { switchOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";
import { InputError } from "../lib/base/errors.ts";
import { arrayRows, pictureRows, scriptEntries, tableRows } from "./listed_scripts.ts";
import { withRows, withTasks } from "./script_tasks.ts";
import { type ExportedEntry, exportsOf, type SourceList, withEntries } from "./source_list.ts";
import { ROOT } from "./stage_packages.ts";

const COMMANDS: SourceList = {
  file: "coact.ts",
  name: "commands",
  folder: "scripts",
  types: ["Command", "ArtifactCommand", "SitePictureCommand", "RunPictureCommand"],
};
const ARRAYS: SourceList = {
  file: "lib/results/artifacts/all.ts",
  name: "ARRAYS",
  folder: "lib/results/artifacts",
  types: ["ArrayArtifact"],
};

/** The lists in source files. */
const LISTS: readonly SourceList[] = [
  COMMANDS,
  ARRAYS,
  { ...ARRAYS, name: "TABLES", types: ["TableArtifact"] },
  {
    file: "lib/pictures/all_pictures.ts",
    name: "LAYER_PICTURES",
    folder: "lib/pictures",
    types: ["Recipe"],
  },
  {
    file: "lib/pictures/all_site_pictures.ts",
    name: "SITE_PICTURES",
    folder: "lib/pictures",
    types: ["SitePicture"],
  },
  {
    file: "lib/pictures/all_run_pictures.ts",
    name: "RUN_PICTURES",
    folder: "lib/pictures",
    types: ["RunPicture"],
  },
  {
    file: "lib/lm/architectures/mod.ts",
    name: "ARCHITECTURES",
    folder: "lib/lm/architectures",
    types: ["Architecture"],
  },
  {
    file: "lib/sae/open_sae.ts",
    name: "FORMATS",
    folder: "lib/sae/formats",
    types: ["SaeFormat"],
  },
];

/** A file that is to be changed. */
export interface Change {
  /** Its path in the project. */
  readonly path: string;
  /** What it holds now. */
  readonly before: string;
  /** What it is to hold. */
  readonly after: string;
}

/**
 * What the lists in source files lack, and what they have that is gone.
 *
 * @throws {InputError} If a list is not there, or two files export one name for it.
 */
export async function sourceChanges(root: string): Promise<Change[]> {
  const before = new Map<string, string>();
  const after = new Map<string, string>();
  for (const list of LISTS) {
    const { file } = list;
    if (!before.has(file)) before.set(file, await Deno.readTextFile(join(root, file)));
    const text = after.get(file) ?? before.get(file)!;
    after.set(file, withEntries(list, text, await entriesOf(list, root)));
  }
  return changed([...before].map(([path, text]) => ({
    path,
    before: text,
    after: after.get(path)!,
  })));
}

/**
 * What deno.json and the pages lack. The lists in source files have to be right.
 *
 * @throws {InputError} If deno.json or a page is not as it should be.
 */
export async function textChanges(root: string): Promise<Change[]> {
  const scripts = await scriptEntries(root, await entriesOf(COMMANDS, root));
  const files = { ...ARRAYS, types: ["ArrayArtifact", "Artifact"] };
  const arrays = await arrayRows(root, await entriesOf(files, root));
  const edits: Record<string, (text: string) => string> = {
    "deno.json": (text) => withTasks(text, scripts),
    "docs/pictures.md": (text) => withRows("docs/pictures.md", text, pictureRows(scripts)),
    "docs/results.md": (text) =>
      withRows("docs/results.md", text, [...arrays, ...tableRows(scripts)]),
  };
  const changes = Object.entries(edits).map(async ([path, edit]) => {
    const before = await Deno.readTextFile(join(root, path));
    return { path, before, after: edit(before) };
  });
  return changed(await Promise.all(changes));
}

function changed(changes: readonly Change[]): Change[] {
  return changes.filter(({ before, after }) => after !== before);
}

/** What the files of a list's folder export for it, by the names of the files. */
async function entriesOf(list: SourceList, root: string): Promise<ExportedEntry[]> {
  const files = await Array.fromAsync(Deno.readDir(join(root, list.folder)));
  const names = files.map(({ name }) => name).filter((name) => name.endsWith(".ts")).sort();
  const found = names.map(async (name) => {
    const path = `${list.folder}/${name}`;
    return exportsOf(list, path, await Deno.readTextFile(join(root, path)));
  });
  return (await Promise.all(found)).flat();
}

/** The lines that a change takes out, and those that it puts in. */
export function differences({ before, after }: Change): string[] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `- ${line}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
}

const options = { check: switchOption("change nothing; fail if there is something to change") };

/** The command `lists`. */
export const lists: Command = defineCommand({
  name: "lists",
  summary: "Add new pictures, tables, commands, architectures and formats to the lists of them.",
  about:
    "Each is one file, and what is new comes after the last of its kind. Lines that are there " +
    "stay as and where they are. A new command is allowed to read and write, in deno.json; what " +
    "else it needs is to be added there.",
  options,
  examples: ["deno task lists", "deno task lists --check"],
  run,
});

async function run({ check }: Values<typeof options>, terminal: Terminal): Promise<void> {
  const found: string[] = [];
  for (const changesOf of [sourceChanges, textChanges]) {
    const changes = await changesOf(ROOT);
    found.push(...changes.map(({ path }) => path));
    for (const change of changes) {
      terminal.print(`${check ? "to change" : "changed"}: ${change.path}`);
      differences(change).forEach((line) => terminal.print(`  ${line}`));
    }
    if (!check) await write(changes);
    else if (changes.length > 0) break; // the second step needs the first
  }
  if (found.length === 0) terminal.print("all lists are complete");
  if (check && found.length > 0) {
    throw new InputError(`${found.join(", ")}: not what the files are; run deno task lists`);
  }
}

/** Writes files, and formats them as all files of the project are. */
async function write(changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  for (const { path, after } of changes) await Deno.writeTextFile(join(ROOT, path), after);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", ...changes.map(({ path }) => path)],
    cwd: ROOT,
  }).output();
  if (success) return;
  throw new InputError(`deno fmt failed: ${new TextDecoder().decode(stderr).trim()}`);
}

if (import.meta.main) await runCommand(lists);
