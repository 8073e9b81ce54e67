/**
 * Which features tell a relation apart, chosen on one half of the persons and estimated on the other.
 *
 *     deno task features --layers 6 --relation birth_city --top 20
 *
 * @module
 */
import { UsageError } from "../lib/base/errors.ts";
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { featureLines } from "../lib/cli/feature_lines.ts";
import { chosenLayers, REGENERATE_OPTIONS } from "../lib/cli/chosen_layers.ts";
import { findRelation } from "../lib/cli/find_relation.ts";
import { countOption, textOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const { output_dir, layers, sites } = REGENERATE_OPTIONS;
const options = {
  output_dir: { ...output_dir, about: "the directory with the results of an analysis" },
  layers,
  sites,
  relation: textOption(
    "KEY",
    "the relation whose features are listed, by key or number; all, if none is named",
  ),
  against: textOption("KEY", "the one relation that it is compared with; all others, by default"),
  top: countOption("how many features of each relation, fifty at most", 20),
};

/** The command `features`. */
export const features: Command = defineCommand({
  name: "features",
  summary: "List the features that tell a relation apart, with how sure that is.",
  about:
    "They are chosen on one half of the persons, and all else is estimated on the other half. " +
    "Nothing is computed anew but that, and nothing is written.",
  options,
  examples: [
    "deno task features --layers 6",
    "deno task features --layers 6 --relation birth_city --top 20 --against work_city",
  ],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { readQualified } = await import("../lib/results/selectivity_table.ts");
  const { listFeatures } = await import("../lib/results/listed_features.ts");
  const { readLayerRecord } = await import("../lib/results/layer_result.ts");
  const { positionOf, whereNote } = await import("../lib/results/where_read.ts");
  const { LISTED_PER_GROUP } = await import("../lib/results/selectivity_record.ts");
  if (values.against !== undefined && values.relation === undefined) {
    throw new UsageError("--against is for one relation; name it with --relation");
  }
  if (values.top > LISTED_PER_GROUP) {
    terminal.print(
      `Of each relation, the ${LISTED_PER_GROUP} features farthest from ½ on the choosing half are ` +
        `kept: no more can be listed, though --top says ${values.top}.`,
    );
  }
  const wanted = await chosenLayers(values);
  for await (const site of readQualified(values.output_dir, wanted)) {
    const { groups, notes } = site.record;
    const find = (name: "relation" | "against") => {
      const key = values[name];
      return key === undefined ? undefined : findRelation(groups, key, `--${name}`);
    };
    const [relation, against] = [find("relation"), find("against")];
    if (relation !== undefined && relation === against) {
      throw new UsageError("--against names the relation itself; name another");
    }
    const where = whereNote(positionOf(await readLayerRecord(values.output_dir, site.layer)));
    for (const note of where === undefined ? notes : [where, ...notes]) terminal.print(note);
    for (const group of relation === undefined ? groups.keys() : [relation]) {
      const listed = listFeatures(site, { group, top: values.top, against });
      for (const line of featureLines(site, { group, against, listed })) terminal.print(line);
    }
  }
}

if (import.meta.main) await runCommand(features);
