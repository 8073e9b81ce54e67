/**
 * `layer{00}_relation_slots_only`: the slots, from the activation matrices on disk.
 *
 *     deno task slots --layers 6
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

/** The command `slots`. */
export const slots: Command = defineCommand({
  name: "slots",
  summary: "Draw layer{00}_relation_slots_only.png: the relation slots, with their numbers.",
  about:
    "From the activation matrices on disk; neither the language model nor the SAEs are needed. A " +
    "layer with a traditional SAE has no such picture.",
  options,
  examples: ["deno task slots --layers 6", "deno task slots --colormap PuOr_r --format pdf"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  await redraw("slots", { ...values, pictures: pictureOptions(values) }, terminal);
}

if (import.meta.main) await runCommand(slots, import.meta.url);
