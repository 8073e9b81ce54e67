/**
 * `layer{00}_feature_consistency`: the most consistent features, from the consistencies on disk.
 *
 *     deno task consistency --layers 6
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { REGENERATE_OPTIONS } from "../lib/cli/options.ts";
import { PICTURE_OPTIONS, pictureOptions, rankOption } from "../lib/cli/picture_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { redraw } from "../lib/cli/regenerate.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = { ...REGENERATE_OPTIONS, rank: rankOption(), ...PICTURE_OPTIONS };

/** The command `consistency`. */
export const consistency: Command = defineCommand({
  name: "consistency",
  summary: "Draw layer{00}_feature_consistency.png: the 100 most consistent features.",
  about:
    "From the consistencies on disk; neither the language model nor the SAEs are needed. The " +
    "features are the most consistent and the most selective ones of each relation, or with " +
    "--rank mean those with the highest mean over the relations; none is zero everywhere. A layer " +
    "with a traditional SAE has no such picture.",
  options,
  examples: ["deno task consistency --layers 6", "deno task consistency --layers 6 --rank mean"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  await redraw("consistency", { ...values, pictures: pictureOptions(values) }, terminal);
}

if (import.meta.main) await runCommand(consistency, import.meta.url);
