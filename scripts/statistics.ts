/**
 * `layer{00}_statistics.json` again, from the activation matrices on disk.
 *
 *     deno task statistics --layers 6
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { REGENERATE_OPTIONS } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { regenerate } from "../lib/cli/regenerate.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = REGENERATE_OPTIONS;

/** The command `statistics`. */
export const statistics: Command = defineCommand({
  name: "statistics",
  summary: "Make layer{00}_statistics.json again, from the activation matrices on disk.",
  about: "Neither the language model nor the SAEs are needed.",
  options,
  examples: ["deno task statistics --layers 6"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { readLayerArray } = await import("../lib/results/layer_result.ts");
  const { writeStatistics } = await import("../lib/results/statistics_file.ts");
  await regenerate(values, terminal, async (directory, record) => {
    const means = await readLayerArray(directory, record, "means");
    return [await writeStatistics(directory, { record, means })];
  });
}

if (import.meta.main) await runCommand(statistics, import.meta.url);
