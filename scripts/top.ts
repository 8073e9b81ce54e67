/**
 * `layer{00}_top50_free_features`: the free features that tell most of the relations, from the
 * activation matrices on disk.
 *
 *     deno task top --layers 6 --top_k_features 50
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { REGENERATE_OPTIONS } from "../lib/cli/options.ts";
import {
  PICTURE_OPTIONS,
  pictureOptions,
  rankOption,
  topFeaturesOption,
} from "../lib/cli/picture_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { redraw } from "../lib/cli/regenerate.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = {
  ...REGENERATE_OPTIONS,
  top_k_features: topFeaturesOption(),
  rank: rankOption(),
  ...PICTURE_OPTIONS,
};

/** The command `top`. */
export const top: Command = defineCommand({
  name: "top",
  summary: "Draw layer{00}_top50_free_features.png: the free features that tell most.",
  about:
    "From the activation matrices on disk; neither the language model nor the SAEs are needed. The " +
    "features are the strongest and the most selective ones of each relation, or with --rank mean " +
    "those with the highest mean over the relations. The number in the file's name is that of " +
    "--top_k_features, or of the free features if there are fewer.",
  options,
  examples: [
    "deno task top --layers 6 --top_k_features 50",
    "deno task top --layers 6 --top_k_features 20 --dpi 300",
    "deno task top --layers 6 --rank mean",
  ],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  await redraw("top", { ...values, pictures: pictureOptions(values) }, terminal);
}

if (import.meta.main) await runCommand(top, import.meta.url);
