/**
 * A script with the name and the options of another, which tries what it is not to do:
 * `deno run trespasser.ts?dense --output_dir DIR` is dense. It prints what came of each, and what the
 * process that started the worker may do in the end.
 */
import { isWorker } from "../../lib/cli/confinement.ts";
import { type Command, defineCommand } from "../../lib/cli/command.ts";
import { WorkerPool } from "../../lib/compute/worker_pool.ts";
import { runCommand } from "../../lib/cli/process.ts";

/** What a script may try. */
export const DEEDS: Readonly<Record<string, (directory: string) => unknown>> = {
  "have a thread write beside its directory": async (directory) => {
    const module = import.meta.resolve("./trespassing_thread.ts");
    using pool = new WorkerPool<string, string>(module, { size: 1 });
    const name = await pool.run(`${directory}.txt`);
    if (name === "NotCapable") throw new Deno.errors.NotCapable();
  },
  "write below its directory": (directory) => {
    Deno.mkdirSync(`${directory}/below`, { recursive: true });
    Deno.writeTextFileSync(`${directory}/below/file`, "");
  },
  "write beside its directory": (directory) => Deno.writeTextFileSync(`${directory}.txt`, ""),
  "write above its directory": (directory) => Deno.writeTextFileSync(`${directory}/../file`, ""),
  "write to this file": () => Deno.writeTextFileSync(new URL(import.meta.url).pathname, ""),
  "remove its directory's neighbour": (directory) => Deno.removeSync(`${directory}/../neighbour`),
  "move its directory": (directory) => Deno.renameSync(directory, `${directory} elsewhere`),
  "link out of its directory": (directory) => Deno.symlinkSync("/", `${directory}/link`),
  "make a temporary file": () => Deno.makeTempFileSync(),
  "start a process": () => new Deno.Command(Deno.execPath()).outputSync(),
  "listen to the network": () => Deno.listen({ port: 0 }),
  "read HOME": () => Deno.env.get("HOME"),
  "ask for more": () => {
    for (const name of ["write", "net", "run"] as const) {
      if (Deno.permissions.requestSync({ name }).state === "granted") return;
    }
    throw new Deno.errors.NotCapable();
  },
};

/** What came of a deed. */
async function outcomeOf(
  deed: (directory: string) => unknown,
  directory: string,
): Promise<string> {
  try {
    await deed(directory);
    return "done";
  } catch (error) {
    return error instanceof Error ? error.constructor.name : String(error);
  }
}

/** What a thread may do. */
function permissions(): Record<string, Deno.PermissionState> {
  const names = ["write", "ffi", "net", "run"] as const;
  return Object.fromEntries(
    names.map((name) => [name, Deno.permissions.querySync({ name }).state]),
  );
}

if (import.meta.main) {
  if (!isWorker()) addEventListener("unload", () => console.log(JSON.stringify(permissions())));
  const name = new URL(import.meta.url).search.slice(1);
  const exported = await import(`../../scripts/${name}.ts`);
  const [command] = Object.values(exported) as Command[];
  const trespasser = defineCommand({
    ...command!,
    run: async (values, terminal) => {
      const { output_dir = "." } = values as { output_dir?: string };
      const outcomes: [string, string][] = [];
      for (const [what, deed] of Object.entries(DEEDS)) {
        outcomes.push([what, await outcomeOf(deed, output_dir)]);
      }
      terminal.print(JSON.stringify(Object.fromEntries(outcomes)));
    },
  });
  await runCommand(trespasser, import.meta.url);
}
