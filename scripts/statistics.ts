/**
 * `layer{00}_statistics.json` again, from the activation matrices on disk.
 *
 *     deno task statistics --layers 6
 *
 * @module
 */
import { runCommand } from "../lib/cli/process.ts";
import { type ArtifactCommand, tableCommand } from "../lib/cli/regenerate.ts";

/** The command `statistics`. */
export const statistics: ArtifactCommand = tableCommand({
  name: "statistics",
  artifact: async () => (await import("../lib/results/artifacts/statistics.ts")).statistics,
  summary: "Make layer{00}_statistics.json again, from the activation matrices on disk.",
  about: "Neither the language model nor the SAEs are needed.",
  examples: ["deno task statistics --layers 6"],
});

if (import.meta.main) await runCommand(statistics, import.meta.url);
