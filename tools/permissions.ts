/**
 * What a binary may do: what the tasks of all its commands may do together.
 *
 * @module
 */

/** The flags of all permissions that the commands `deno run … scripts/….ts` name, and no others. */
export function permissionFlags(commands: readonly string[]): string[] {
  const granted = new Map<string, Set<string> | "all">();
  for (const command of commands) {
    const [, flags = ""] = /^deno run (.*) scripts\/\w+\.ts$/.exec(command) ?? [];
    for (const [, name, , list] of flags.matchAll(/--allow-(\w+)(=(\S+))?/g)) {
      const before = granted.get(name!) ?? new Set();
      if (list === undefined || before === "all") granted.set(name!, "all");
      else granted.set(name!, before.union(new Set(list.split(","))));
    }
  }
  const allowed = [...granted].map(([name, what]) =>
    what === "all" ? `--allow-${name}` : `--allow-${name}=${[...what].join(",")}`
  );
  return ["--no-prompt", ...allowed];
}
