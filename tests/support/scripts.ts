/** Runs the scripts as a user does, each in a process of its own. */
import { fileURLToPath } from "node:url";

/** The directory of the scripts. */
export const SCRIPTS: string = fileURLToPath(new URL("../../scripts", import.meta.url));

/** What a run came to. */
export interface ScriptOutcome {
  /** The exit code. */
  code: number;
  /** Its standard output. */
  out: string;
  /** Its standard error. */
  err: string;
}

/** Runs `scripts/{name}.ts` with leave to read and write files, as its task does. */
export async function runScript(name: string, args: readonly string[]): Promise<ScriptOutcome> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--cached-only", "--allow-read", "--allow-write"],
      `${SCRIPTS}/${name}.ts`,
      ...args,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
