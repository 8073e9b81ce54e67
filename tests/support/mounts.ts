/** Shell scripts that mount file systems which only they see. */
import { type ScriptOutcome, SCRIPTS, taskFlags } from "./scripts.ts";
import { TemporaryDirectory } from "./temporary.ts";

/** Runs a shell script that may mount. */
export async function runWithMounts(script: string): Promise<ScriptOutcome> {
  const { code, stdout, stderr } = await new Deno.Command("unshare", {
    args: ["-rm", "sh", "-c", script],
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** The command line of a script with just the permissions of its task. */
export function shellCommand(name: string, args: readonly string[]): string {
  const command = [Deno.execPath(), "run", "--cached-only", ...taskFlags(name)];
  return [...command, `${SCRIPTS}/${name}.ts`, ...args].map((part) => `'${part}'`).join(" ");
}

/** Whether this machine lets a user mount a file system that only he sees. */
async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  using directory = new TemporaryDirectory();
  try {
    return (await runWithMounts(`mount -t tmpfs none '${directory.path}'`)).code === 0;
  } catch {
    return false;
  }
}

/** Whether scripts can mount, or that they cannot is to be a failure, as with `CI` set. */
export const expectsMounts: boolean = await canMount() || Deno.env.get("CI") !== undefined;
