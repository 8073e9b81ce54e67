/**
 * `analysis_summary.json` again, from every layer on disk.
 *
 *     deno task summary
 *
 * @module
 */
import { type Command, defineCommand, runCommand, type Values } from "../lib/cli/command.ts";
import { REGENERATE_OPTIONS } from "../lib/cli/options.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = { output_dir: REGENERATE_OPTIONS.output_dir };

/** The command `summary`. */
export const summary: Command = defineCommand({
  name: "summary",
  summary: "Make analysis_summary.json again, from every layer on disk, and print it.",
  about:
    "Neither the language model nor the SAEs are needed. Layers that were analysed in several " +
    "runs come together here, if they were analysed with the same questions and model.",
  options,
  examples: ["deno task summary --output_dir results/demo/test_id"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { chosenLayers } = await import("../lib/cli/options.ts");
  const { countLayers, reportLines } = await import("../lib/cli/report.ts");
  const { summarizeDirectory, writeSummary } = await import("../lib/results/summary_file.ts");
  const layers = await chosenLayers({ ...values, layers: "all" }, terminal);
  const made = await summarizeDirectory(values.output_dir, layers, terminal);
  const path = await writeSummary(values.output_dir, made);
  for (const line of reportLines(made)) terminal.print(line);
  terminal.print(`wrote ${path} (${countLayers(layers.length)})`);
}

if (import.meta.main) await runCommand(summary);
