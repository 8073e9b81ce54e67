/** Runs the scripts as a user does, each in a process of its own. */
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };

/** The directory of the project. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url)).slice(0, -1);

/** The directory of the scripts. */
export const SCRIPTS: string = `${ROOT}/scripts`;

/** What a run came to. */
export interface ScriptOutcome {
  /** The exit code. */
  code: number;
  /** Its standard output. */
  out: string;
  /** Its standard error. */
  err: string;
}

/** The flags that the task of a script gives it, read from deno.json. */
export function taskFlags(name: string): string[] {
  const [, flags = ""] = config.tasks[name as keyof typeof config.tasks].command
    .match(/^deno run (.*) scripts\/\w+\.ts$/) ?? [];
  return flags.split(" ");
}

/** Starts `scripts/{name}.ts` with just the permissions of its task, and no colours asked for. */
export function spawnScript(name: string, args: readonly string[]): Deno.ChildProcess {
  return spawn([...taskFlags(name), `${SCRIPTS}/${name}.ts`, ...args]);
}

/**
 * Runs a script to its end.
 *
 * @param replaced Flags of its task that are to be replaced by others.
 */
export async function runScript(
  name: string,
  args: readonly string[],
  replaced: Readonly<Record<string, string>> = {},
): Promise<ScriptOutcome> {
  const flags = taskFlags(name).map((flag) => replaced[flag] ?? flag);
  return await outcomeOf(spawn([...flags, `${SCRIPTS}/${name}.ts`, ...args]));
}

/** Starts a module, in some directory, with just the permissions of a script's task. */
export function spawnAs(
  name: string,
  module: string,
  args: readonly string[],
  cwd: string,
): Deno.ChildProcess {
  return spawn([...taskFlags(name), module, ...args], cwd);
}

/** Runs a module to its end, in some directory, with just the permissions of a script's task. */
export async function runAs(
  name: string,
  module: string,
  args: readonly string[],
  cwd: string,
): Promise<ScriptOutcome> {
  return await outcomeOf(spawnAs(name, module, args, cwd));
}

/** The names of all scripts. */
export function scriptNames(): string[] {
  return [...Deno.readDirSync(SCRIPTS)].map(({ name }) => name)
    .filter((name) => name.endsWith(".ts")).map((name) => name.slice(0, -".ts".length)).sort();
}

/** Runs `coact.ts` to its end, with the permissions of the task `demo`, in some directory. */
export async function runCoact(args: readonly string[], cwd?: string): Promise<ScriptOutcome> {
  return await outcomeOf(spawn([...taskFlags("demo"), `${ROOT}/coact.ts`, ...args], cwd));
}

function spawn(args: readonly string[], cwd?: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--cached-only", ...args],
    ...(cwd !== undefined && { cwd }),
    clearEnv: true,
    env: Object.fromEntries(KEPT.map((key) => [key, Deno.env.get(key) ?? ""]).filter(([, v]) => v)),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function outcomeOf(process: Deno.ChildProcess): Promise<ScriptOutcome> {
  const { code, stdout, stderr } = await process.output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** What Deno itself needs to find its cache; nothing that changes what scripts print. */
const KEPT = ["HOME", "PATH", "DENO_DIR", "LOCALAPPDATA", "SystemRoot"] as const;
