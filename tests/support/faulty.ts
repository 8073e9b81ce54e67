/** A script with a defect: something goes wrong where nothing can catch it. */
import { defineCommand } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/process.ts";

const faulty = defineCommand({
  name: "faulty",
  summary: "Fails.",
  options: {},
  examples: [],
  run: async () => {
    queueMicrotask(() => {
      throw new Error("nothing catches this");
    });
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
});

if (import.meta.main) await runCommand(faulty, import.meta.url);
