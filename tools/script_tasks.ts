/**
 * The tasks of the scripts in deno.json, and the rows of the documentation about what they make.
 *
 * @module
 */
import { InputError } from "../lib/base/errors.ts";
import { type Entry, withNew } from "./kept_order.ts";

/** A task of deno.json. */
export interface Task {
  /** What it does. */
  readonly description: string;
  /** How it is started. */
  readonly command: string;
}

/** A script, as its task and its row tell of it. */
export interface ScriptEntry extends Entry {
  /** What its command makes, in one line. */
  readonly summary: string;
  /** What its files are called, if it makes again what `analyze` makes: `layer{00}_statistics.json`. */
  readonly file?: string | undefined;
  /** Whether it draws. */
  readonly draws: boolean;
}

const READ_AND_WRITE = "--no-prompt --allow-read --allow-write";
/** What the canvas needs besides: its library, and what that looks at when it is loaded. */
const DRAW = "--allow-ffi " +
  "--allow-env=NAPI_RS_NATIVE_LIBRARY_PATH,NAPI_RS_FORCE_WASI,DISABLE_SYSTEM_FONTS_LOAD";

/** The task of a script that has none: what else it has to be allowed is for its author to say. */
function newTask({ name, summary, file, draws }: ScriptEntry): Task {
  const flags = draws ? `${READ_AND_WRITE} ${DRAW}` : READ_AND_WRITE;
  const description = file === undefined
    ? summary.replace(/\.$/, "")
    : `${file}${draws ? ".png" : ""} again, from what is on disk`;
  return { description, command: `deno run ${flags} scripts/${name}.ts` };
}

/**
 * The text of deno.json with a task for each script. Tasks that are there stay as they are; those of
 * scripts that are gone go.
 *
 * @returns The same text if nothing is missing or too much.
 * @throws {InputError} If it has no tasks at its end.
 */
export function withTasks(config: string, scripts: readonly ScriptEntry[]): string {
  const [whole, body] = /"tasks": (\{[^]*\n {2}\})\n\}\n$/.exec(config) ?? [];
  if (whole === undefined) throw new InputError("deno.json does not end with its tasks");
  const tasks: Record<string, Task> = JSON.parse(body!);
  const byName = new Map(scripts.map((script) => [script.name, script]));
  const isGone = (name: string) =>
    tasks[name]?.command.endsWith(` scripts/${name}.ts`) && !byName.has(name);
  const listed = Object.keys(tasks);
  const kept = listed.filter((name) => !isGone(name));
  const names = withNew(kept, scripts);
  if (names.length === listed.length && kept.length === listed.length) return config;
  const entries = names.map((name) => [name, tasks[name] ?? newTask(byName.get(name)!)]);
  const text = JSON.stringify(Object.fromEntries(entries), null, 2).replaceAll("\n", "\n  ");
  return config.slice(0, config.length - whole.length) + `"tasks": ${text}\n}\n`;
}

/** A row of a table in the documentation, by what stands in its first cell. */
export interface Row extends Entry {
  /** Its cells. */
  readonly cells: readonly string[];
}

/** A row about a file of a layer: its first cell, and the second if that names something, too. */
const ROW = /^\| `([^`]+)` +\|(?: `([^`]+)` +\|)?/;

/**
 * A page with the rows that it lacks, each after the last of its kind, and without those about files
 * of a layer that are gone. All other rows stay as they are.
 *
 * @param path What to call the page in messages.
 * @param rows The rows about files of a layer that the page is to have.
 * @returns The same text if none is missing or too much; otherwise one that is to be formatted.
 * @throws {InputError} If the page has no row of that kind yet.
 */
export function withRows(path: string, page: string, rows: readonly Row[]): string {
  const known = new Set(rows.map(({ name }) => name));
  const isGone = (line: string) => {
    const [, first = "", second = first] = ROW.exec(line) ?? [];
    return /^layer\{00\}_\w+(\.\w+)?$/.test(second) && !known.has(first);
  };
  const lines = page.split("\n").filter((line) => !isGone(line));
  const lineOf = ({ name }: Row) => lines.findIndex((line) => line.startsWith(`| \`${name}\` `));
  for (const row of rows.filter((each) => lineOf(each) === -1)) {
    const last = Math.max(...rows.filter(({ kind }) => kind === row.kind).map(lineOf));
    if (last === -1) {
      throw new InputError(`${path} has no row beside which that of ${row.name} belongs`);
    }
    lines.splice(last + 1, 0, `| ${row.cells.join(" | ")} |`);
  }
  return lines.join("\n");
}
