/**
 * `all_layers_relation_slots_summary` and `analysis_summary.json`, from every layer on disk.
 *
 *     deno task summary
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { REGENERATE_OPTIONS } from "../lib/cli/chosen_layers.ts";
import {
  PICTURE_OPTIONS,
  pictureOptions,
  scalePerLayerOption,
} from "../lib/cli/picture_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { summarize } from "../lib/cli/summarize.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = {
  ...REGENERATE_OPTIONS,
  scale_per_layer: scalePerLayerOption(),
  ...PICTURE_OPTIONS,
};

/** The command `summary`. */
export const summary: Command = defineCommand({
  name: "summary",
  summary: "Draw all_layers_relation_slots_summary.png, write analysis_summary.json, print it.",
  about:
    "From every layer on disk; neither the language model nor the SAEs are needed. Layers that were " +
    "analysed in several runs come together here, if they were analysed with the same questions " +
    "and model. All layers have one colour scale, so that they can be compared.",
  options,
  examples: ["deno task summary --output_dir results/demo/test_id"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  await summarize({ ...values, pictures: pictureOptions(values) }, terminal);
}

if (import.meta.main) await runCommand(summary, import.meta.url);
