/**
 * What `summary` and `analyze --summary_only` do.
 *
 * @module
 */
import { lockResults } from "./lock_results.ts";
import { chosenLayers } from "./chosen_layers.ts";
import type { RedrawValues } from "./regenerate.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Compares the layers on disk: in a picture, in a file and on the terminal.
 *
 * @throws {InputError} If a layer has not been analysed, or its files are damaged.
 */
export async function summarize(
  values: RedrawValues,
  terminal: Terminal,
): Promise<void> {
  const { countLayers, reportLines } = await import("./report.ts");
  const { compareAgain } = await import("../analysis/compare_layers.ts");
  const { output_dir, pictures } = values;
  using _lock = await lockResults(values, terminal);
  const layers = await chosenLayers(values, terminal); // another run may just have made some
  const made = await compareAgain(output_dir, { layers, pictures }, terminal);
  const { summary, times, paths } = made;
  for (const line of reportLines(summary, times)) terminal.print(line);
  for (const path of paths) terminal.print(`wrote ${path} (${countLayers(layers.length)})`);
}
