/**
 * Two runs compared: the same relations asked in other words, or SAEs with slots and without.
 *
 *     deno task compare --a results/in_distribution --b results/new_phrasings
 *
 * @module
 */
import { resolve } from "node:path";
import { InputError, UsageError } from "../lib/base/errors.ts";
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { chosenLayers, REGENERATE_OPTIONS } from "../lib/cli/chosen_layers.ts";
import { givenPathOption, outputOption } from "../lib/cli/options.ts";
import { pictureOptions } from "../lib/cli/picture_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { PLAIN_PICTURE_OPTIONS } from "../lib/cli/statistics_picture.ts";
import type { Terminal } from "../lib/cli/terminal.ts";
import type { LayerName } from "../lib/results/layer_name.ts";

const { layers, sites } = REGENERATE_OPTIONS;
const options = {
  a: givenPathOption("DIR", "the directory with the results of the first run"),
  b: givenPathOption("DIR", "the directory with the results of the second run"),
  output_dir: outputOption("the directory for the comparison", "results/compare"),
  layers: {
    ...layers,
    about: "the layers, such as 0,3,6-8; all takes those of both, which have to be the same",
  },
  sites,
  ...PLAIN_PICTURE_OPTIONS,
};

/** The command `compare`. */
export const compare: Command = defineCommand({
  name: "compare",
  summary: "Compare two runs: compare.json, compare.md, compare_slots.png, compare_features.png.",
  about:
    "From the statistics that analyze writes. Slots are compared with slots, and where a run has " +
    "none with one feature of each relation that is chosen on one half of the persons; the best " +
    "free features with each other. Where ten persons are active, a difference has an " +
    "interval over persons; from ten wordings on, over wordings, too.",
  options,
  examples: [
    "deno task compare --a results/demo/test_id --b results/demo/test_ood",
    "deno task compare --a results/demo/test_id --b results/demo/traditional --layers 0,6",
  ],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { compareRuns } = await import("../lib/comparison/compare_runs.ts");
  const { writeRunComparison } = await import("../lib/comparison/comparison_files.ts");
  const { warnOfLackingLetters } = await import("../lib/pictures/lacking_letters.ts");
  const { a, b, output_dir } = values;
  if (resolve(a) === resolve(b)) throw new UsageError(`--a and --b name the same directory, ${a}`);
  const chosen = await sharedLayers(values, terminal);
  const comparison = await compareRuns(a, b, chosen);
  for (const note of Object.values(comparison.notes).flat()) terminal.print(note);
  const { paths, removed } = await writeRunComparison(output_dir, comparison, {
    directories: [a, b],
    pictures: pictureOptions({ ...values, colormap: undefined }),
  });
  for (const path of removed) terminal.print(`removed ${path}, which an earlier comparison made`);
  for (const path of paths) terminal.print(`wrote ${path}`);
  warnOfLackingLetters(comparison.records, terminal);
}

/** The layers that are compared: both directories have to hold all of them. */
async function sharedLayers(
  values: Values<typeof options>,
  terminal: Terminal,
): Promise<LayerName[]> {
  const { layersText } = await import("../lib/results/layer_name.ts");
  const { sharedOption } = await import("../lib/cli/shared_layers.ts");
  const { layersOnDisk } = await import("../lib/results/file_names.ts");
  const directories = [values.a, values.b];
  const found: LayerName[][] = [];
  for (const [i, output_dir] of directories.entries()) {
    const option = ["--a", "--b"][i]!;
    const wanted = await chosenLayers({ ...values, output_dir, option }, terminal);
    const there = await layersOnDisk(output_dir);
    const lacking = wanted.filter((layer) => !there.includes(layer));
    if (lacking.length > 0) {
      const held = there.length === 0 ? "no analysis" : layersText(there);
      throw new InputError(`${output_dir} lacks ${layersText(lacking)}; it holds ${held}`);
    }
    found.push(wanted);
  }
  const [first, second] = found as [LayerName[], LayerName[]];
  const both = first.filter((layer) => second.includes(layer));
  if (both.length === first.length && both.length === second.length) return both;
  const only = [first, second].flatMap((layers, i) => {
    const own = layers.filter((layer) => !both.includes(layer));
    return own.length === 0 ? [] : [`only ${directories[i]} holds ${layersText(own)}`];
  });
  const shared = sharedOption(first, second);
  const advice = shared === undefined
    ? "there is no site of which both hold the same: analyse one of them at the layers of the other, " +
      "and as many SAEs of a site, in folders of the same names"
    : `compare what both hold with ${shared}`;
  throw new InputError(`the runs are of different layers: ${only.join("; ")}; ${advice}`);
}

if (import.meta.main) await runCommand(compare, import.meta.url);
