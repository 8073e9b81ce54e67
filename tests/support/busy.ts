/** A script that is deep in a computation for a minute. */
import { defineCommand } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/process.ts";

const busy = defineCommand({
  name: "busy",
  summary: "Computes.",
  options: {},
  examples: [],
  run: (_values, terminal) => {
    terminal.done("results", "layer 3");
    terminal.note("computing");
    const start = performance.now();
    while (performance.now() - start < 60_000);
    return Promise.resolve();
  },
});

if (import.meta.main) await runCommand(busy, import.meta.url);
