/**
 * `layer{00}_common_features.json` again, from the consistency of the features on disk.
 *
 *     deno task common_features --layers 6
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { REGENERATE_OPTIONS } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { regenerate } from "../lib/cli/regenerate.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = REGENERATE_OPTIONS;

/** The command `common_features`. */
export const commonFeatures: Command = defineCommand({
  name: "common_features",
  summary: "Make layer{00}_common_features.json again, from the consistencies on disk.",
  about: "Neither the language model nor the SAEs are needed. A layer with a traditional SAE has " +
    "no such file.",
  options,
  examples: ["deno task common_features --layers 0,6,11"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { readLayerArray } = await import("../lib/results/layer_result.ts");
  const { writeCommonFeatures } = await import("../lib/results/common_features_file.ts");
  await regenerate(values, terminal, async (directory, record) => {
    const consistency = await readLayerArray(directory, record, "consistency");
    const path = await writeCommonFeatures(directory, { record, consistency });
    return path === undefined ? [] : [path];
  });
}

if (import.meta.main) await runCommand(commonFeatures, import.meta.url);
