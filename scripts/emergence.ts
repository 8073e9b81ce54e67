/**
 * `all_layers_emergence`: from which layer on each relation can be told apart, from the statistics on
 * disk.
 *
 *     deno task emergence
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { REGENERATE_OPTIONS } from "../lib/cli/chosen_layers.ts";
import { pictureOptions } from "../lib/cli/picture_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { eachMeasured, PLAIN_PICTURE_OPTIONS } from "../lib/cli/statistics_picture.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = { ...REGENERATE_OPTIONS, ...PLAIN_PICTURE_OPTIONS };

/** The command `emergence`. */
export const emergence: Command = defineCommand({
  name: "emergence",
  summary: "Draw all_layers_emergence.png: from which layer on each relation can be told apart.",
  about:
    "A panel a relation: the AUROC of its slot and of its best free feature over the layers, with " +
    "intervals over persons. The feature is chosen on one half of the persons and shown on the other.",
  options,
  examples: ["deno task emergence", "deno task emergence --layers 0-6 --format svg"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { emergenceOf, writeEmergence } = await import("../lib/pictures/statistics_pictures.ts");
  const { warnOfLackingLetters } = await import("../lib/pictures/lacking_letters.ts");
  const make = (layer: Parameters<typeof emergenceOf>[0]) => Promise.resolve(emergenceOf(layer));
  const found = await eachMeasured(values, terminal, make);
  const layers = found.map(({ made }) => made);
  const paths = await writeEmergence(
    values.output_dir,
    layers,
    pictureOptions({
      ...values,
      colormap: undefined,
    }),
  );
  for (const path of paths) terminal.print(`wrote ${path}`);
  warnOfLackingLetters(found.map(({ record }) => record), terminal);
}

if (import.meta.main) await runCommand(emergence, import.meta.url);
