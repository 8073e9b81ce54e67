/**
 * What the numbers on disk carry, in words: the answers to the questions of the guide to AlignSAE's
 * analysis.
 *
 *     deno task verdict --output_dir results/demo/test_id
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { lockResults } from "../lib/cli/lock_results.ts";
import { chosenLayers, REGENERATE_OPTIONS } from "../lib/cli/chosen_layers.ts";
import { countOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = {
  ...REGENERATE_OPTIONS,
  permutations: countOption(
    "how often labels are permuted within persons; a p of .05 needs 19 at least",
    999,
  ),
};

/** The command `verdict`. */
export const verdict: Command = defineCommand({
  name: "verdict",
  summary: "Say in words what the numbers on disk carry: verdict.md and verdict.json.",
  about:
    "Which features encode each relation, are they shared, how many are needed, do the slots work, " +
    "which layer is best: each with its number, its interval where there is one, and a " +
    "sentence. Neither the language model nor the SAEs are needed.",
  options,
  examples: [
    "deno task verdict --output_dir results/demo/test_id",
    "deno task verdict --permutations 199",
  ],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { verdictOf } = await import("../lib/verdict/read_sites.ts");
  const { writeVerdict } = await import("../lib/verdict/verdict_files.ts");
  using _lock = await lockResults(values, terminal);
  const layers = await chosenLayers(values, terminal); // another run may just have made some
  const { permutations, output_dir } = values;
  const found = await verdictOf(output_dir, layers, { permutations, observer: terminal });
  for (const path of await writeVerdict(output_dir, found)) terminal.print(`wrote ${path}`);
}

if (import.meta.main) await runCommand(verdict, import.meta.url);
