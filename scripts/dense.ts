/**
 * `layer{00}_dense_activation_heatmap`: all features, from the activation matrices on disk.
 *
 *     deno task dense --layers 6
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { REGENERATE_OPTIONS } from "../lib/cli/options.ts";
import { PICTURE_OPTIONS, pictureOptions } from "../lib/cli/picture_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { redraw } from "../lib/cli/regenerate.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = { ...REGENERATE_OPTIONS, ...PICTURE_OPTIONS };

/** The command `dense`. */
export const dense: Command = defineCommand({
  name: "dense",
  summary: "Draw layer{00}_dense_activation_heatmap.png: all features, for each relation.",
  about:
    "From the activation matrices on disk; neither the language model nor the SAEs are needed. Where " +
    "several features share a pixel, the strongest is drawn. The slots have a strip of their own.",
  options,
  examples: [
    "deno task dense --layers 6",
    "deno task dense --layers 0,6,11 --reference_colors --format png,svg,pdf",
  ],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  await redraw("dense", { ...values, pictures: pictureOptions(values) }, terminal);
}

if (import.meta.main) await runCommand(dense, import.meta.url);
