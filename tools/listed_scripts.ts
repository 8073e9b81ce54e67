/**
 * What scripts and arrays say of themselves, for the task of a script and the rows of the pages.
 *
 * @module
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "../lib/cli/command.ts";
import type { ArtifactCommand } from "../lib/cli/regenerate.ts";
import type { RunPictureCommand, SitePictureCommand } from "../lib/cli/statistics_picture.ts";
import { InputError } from "../lib/base/errors.ts";
import { TOP_FEATURES } from "../lib/pictures/names.ts";
import type { Artifact } from "../lib/results/artifact.ts";
import type { Row, ScriptEntry } from "./script_tasks.ts";
import type { ExportedEntry } from "./source_list.ts";

/** A command, of which some make again what `analyze` makes. */
type AnyCommand = Command & {
  readonly artifact?: ArtifactCommand["artifact"];
  readonly picture?: SitePictureCommand["picture"] | RunPictureCommand["picture"];
};

/** Loads what the scripts of a project say of their commands. */
export async function scriptEntries(
  root: string,
  scripts: readonly ExportedEntry[],
): Promise<ScriptEntry[]> {
  const entries: ScriptEntry[] = [];
  for (const script of scripts) entries.push(await scriptEntry(root, script)); // one by one: see load
  return entries;
}

async function scriptEntry(root: string, script: ExportedEntry): Promise<ScriptEntry> {
  const command = await load<AnyCommand>(root, script);
  const { name, summary } = command;
  if (`scripts/${name}.ts` !== script.path) {
    throw new InputError(
      `${script.path}: its command is called ${name}; call the file scripts/${name}.ts, or the ` +
        "command as the file",
    );
  }
  const artifact = command.picture ?? command.artifact;
  const made = artifact && await loading<Artifact>(script.path, artifact());
  return {
    name,
    kind: script.kind,
    summary,
    file: made && documentedName(made),
    draws: made !== undefined && "figure" in made,
  };
}

/** The rows about pictures: the task, the file without its format, what it shows. */
export function pictureRows(scripts: readonly ScriptEntry[]): Row[] {
  return scripts.filter(({ draws }) => draws).map(({ name, kind, file, summary }) => ({
    name,
    kind,
    cells: [`\`${name}\``, `\`${file}\``, wordsOf(summary)],
  }));
}

/** The rows about tables: the file, what it holds, and the task that makes it again. */
export function tableRows(scripts: readonly ScriptEntry[]): Row[] {
  return scripts.filter(({ file, draws }) => file !== undefined && !draws)
    .map(({ name, kind, file, summary }) => ({
      name: file!,
      kind,
      cells: [`\`${file}\``, `${wordsOf(summary)}; \`${name}\` makes it again`],
    }));
}

/** The rows about arrays: the file, and what the comment of its source says that it holds. */
export async function arrayRows(root: string, arrays: readonly ExportedEntry[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const array of arrays) {
    const file = documentedName(await load<Artifact>(root, array));
    const source = await Deno.readTextFile(join(root, array.path));
    const [, comment = ""] = /^\/\*\*([^]*?)(?:\n \*\n|\*\/)/.exec(source) ?? [];
    const words = wordsOf(comment.replaceAll(/\s*\n \* /g, " ").trim());
    rows.push({ name: file, kind: array.kind, cells: [`\`${file}\``, words] });
  }
  return rows;
}

/**
 * Loads what a file exports. One file at a time: of two that are loaded at once and share a module
 * that waits as it is loaded, as the canvas does, Deno hands the second one out before it has run.
 *
 * @throws {InputError} If it, or what it imports, cannot be loaded.
 */
async function load<T>(root: string, { path, name }: ExportedEntry): Promise<T> {
  return (await loading(path, import(pathToFileURL(join(root, path)).href)))[name];
}

/** What is loaded for a file, or why that fails. */
async function loading<T>(path: string, loaded: Promise<T>): Promise<T> {
  try {
    return await loaded;
  } catch (error) {
    const why = (error as Error).message.split("\n")[0];
    throw new InputError(`${path} cannot be loaded: ${why}; deno check ${path} says where`);
  }
}

/** What an artifact's files are called, as the documentation writes it. */
function documentedName(made: Pick<Artifact, "file">): string {
  const { file } = made;
  return "keep" in made ? file : `layer{00}_${file.replace("#", String(TOP_FEATURES))}`;
}

/** What something shows, of a sentence that begins with its file's name: what follows the colon. */
function wordsOf(sentence: string): string {
  return sentence.slice(sentence.indexOf(": ") + 1).trim().replace(/\.$/, "");
}
