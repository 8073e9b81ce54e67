/**
 * The whole analysis: every file of numbers and every picture, for every layer.
 *
 *     deno task analyze --layers 0,6,11
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import {
  DEFAULT_OUTPUT_DIRECTORY,
  deviceOption,
  maxMemoryOption,
  numberOption,
  optionalCountOption,
  outputOption,
  pathOption,
  switchOption,
  tableOption,
  textOption,
  waitOption,
} from "../lib/cli/options.ts";
import { layersOption, relationsOption, sitesOption } from "../lib/cli/layer_options.ts";
import {
  PICTURE_OPTIONS,
  pictureOptions,
  rankOption,
  scalePerLayerOption,
  topFeaturesOption,
} from "../lib/cli/picture_options.ts";
import { PROMPT_OPTIONS, promptSettings } from "../lib/cli/prompt_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { summarize } from "../lib/cli/summarize.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = {
  lm_model: pathOption(
    "DIR",
    "the language model, a Hugging Face directory",
    "models/base_sft/checkpoint-step-10000",
  ),
  sae_dir: pathOption(
    "PATH",
    "the SAEs: layer0/, layer1/, … with sae_best.pt, sae_final.pt or traditional_sae_final.pt; or a " +
      "folder or file of any format that coact knows, with one SAE or several",
    "models/sae_per_layer",
  ),
  sae_format: textOption("NAME", "the format of the SAEs (default: recognised by their content)"),
  k: optionalCountOption("how many features a top-k SAE keeps whose files do not say it"),
  force_sae: switchOption("analyse an SAE that does not seem to belong to the model's states"),
  qa_file: pathOption(
    "FILE",
    "the questions: JSON lines, or a CSV file",
    "data/generated/qa_test_id.jsonl",
  ),
  output_dir: outputOption("the directory for the results", DEFAULT_OUTPUT_DIRECTORY),
  layers: layersOption("the layers, such as 0,3,6-8; all is every layer that is a block's input"),
  sites: sitesOption(
    "the sites instead, such as pre:0-6,post:12,final (default: wherever the SAEs read)",
  ),
  samples_per_relation: optionalCountOption(
    "how many questions of each relation are used (default: 500; of groups by label, all)",
  ),
  ...PROMPT_OPTIONS,
  cluster_field: textOption(
    "NAME",
    "the field that says whose a question is (default: person_id, where it is there)",
  ),
  activation_threshold: numberOption(
    "activations above it are active: for the consistency, the shares of the statistics, and " +
      "whether there is an interval",
    0.1,
  ),
  relations: relationsOption(),
  device: deviceOption(),
  max_memory: maxMemoryOption(),
  top_k_features: topFeaturesOption(),
  rank: rankOption(),
  scale_per_layer: scalePerLayerOption(),
  ...PICTURE_OPTIONS,
  no_statistics: switchOption("leave out the statistics of each feature and their table"),
  table: tableOption(),
  force: switchOption("analyse layers again whose results are there already, of the same inputs"),
  wait: waitOption(),
  summary_only: switchOption(
    "only compare the layers that the results hold, as the task summary does",
  ),
};

/** The command `analyze`. */
export const analyze: Command = defineCommand({
  name: "analyze",
  summary: "Analyse which SAE features light up for each relation, in every layer.",
  about: "Writes for each layer the activation matrix, maxima, consistency, slot activations " +
    "(.npy), statistics and common features (.json) and pictures of all features, of the slots, " +
    "of the strongest and of the most consistent features; the statistics of each feature " +
    "(selectivity.parquet) with their pictures; and a summary of all layers as numbers and as a " +
    "picture.",
  options,
  examples: [
    "deno task analyze --layers 0,6,11",
    "deno task analyze --format png,pdf --colormap cividis",
    "deno task analyze --lm_model models/gpt2 --sae_dir models/saes --qa_file questions.jsonl",
    "deno task analyze --lm_model models/gemma-2-2b --sae_dir saes/gemma-scope-2b-pt-res --sites post:12",
  ],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const pictures = pictureOptions(values);
  if (values.summary_only) return await summarize({ ...values, pictures }, terminal);
  const { analyzeGroupings } = await import("../lib/analysis/run.ts");
  const { countLayers, reportLines } = await import("../lib/cli/report.ts");
  const { layersText } = await import("../lib/results/layer_name.ts");
  const outcomes = await analyzeGroupings({
    lmModel: values.lm_model,
    saeDirectory: values.sae_dir,
    questionFile: values.qa_file,
    outputDirectory: values.output_dir,
    layers: values.layers,
    sites: values.sites,
    saeFormat: values.sae_format,
    k: values.k,
    forceSae: values.force_sae,
    samplesPerRelation: values.samples_per_relation,
    threshold: values.activation_threshold,
    prompts: { ...promptSettings(values), clusterField: values.cluster_field },
    relations: values.relations,
    device: values.device,
    maxMemory: values.max_memory,
    pictures,
    force: values.force,
    wait: values.wait,
    statistics: !values.no_statistics,
    csv: values.table === "csv",
  }, terminal);
  for (const { summary, times, directory, field } of outcomes) {
    if (outcomes.length > 1) terminal.print(`by ${field}:`);
    for (const line of reportLines(summary, times)) terminal.print(line);
    const { layers_analyzed: layers } = times;
    terminal.print(`wrote ${directory}/ (${countLayers(layers.length)})`);
    const others = summary.layers_analyzed.filter((layer) => !layers.includes(layer));
    if (others.length === 0) continue;
    terminal.print(
      `${layersText(others)} of earlier runs ` +
        `${others.length === 1 ? "is" : "are"} in the summary, too`,
    );
  }
}

if (import.meta.main) await runCommand(analyze, import.meta.url);
