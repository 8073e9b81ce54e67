/**
 * What an SAE is, and whether it is what it seems.
 *
 *     deno task doctor --sae downloads/some_sae
 *
 * @module
 */
import { InputError, UsageError } from "../lib/base/errors.ts";
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { deviceOption, optionalCountOption, optionalPathOption } from "../lib/cli/options.ts";
import { siteOption } from "../lib/cli/layer_options.ts";
import { PROMPT_OPTIONS, promptSettings } from "../lib/cli/prompt_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { SAE_OPTIONS } from "../lib/cli/sae_options.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = {
  ...SAE_OPTIONS,
  lm_model: optionalPathOption("DIR", "a language model to try it on, a Hugging Face directory"),
  qa_file: optionalPathOption("FILE", "prompts for the language model: JSON lines, or a CSV file"),
  samples_per_relation: optionalCountOption(
    "how many questions of each relation or label are used, 50 unless it is said; of prompts " +
      "without either, 300",
  ),
  ...PROMPT_OPTIONS,
  site: siteOption("where the SAE reads, such as post:12, if its files do not say it"),
  device: deviceOption(),
};

/** The command `doctor`. */
export const doctor: Command = defineCommand({
  name: "doctor",
  summary: "Examine an SAE: what it is, and whether it is what it seems.",
  about:
    "Reads all of its weights, and writes nothing. With a language model and prompts it also " +
    "says how much of the hidden states the SAE leaves unexplained at its site and beside it, how " +
    "many features are active, and how many never are.",
  options,
  examples: [
    "deno task doctor --sae demo/sae/layer6",
    "deno task doctor --sae demo/sae/layer6 --lm_model demo/lm --qa_file demo/data/qa_test_id.jsonl",
  ],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { lm_model: lmModel, qa_file: questionFile } = values;
  if ((lmModel === undefined) !== (questionFile === undefined)) {
    throw new UsageError("--lm_model and --qa_file belong together: give both, or neither");
  }
  const { examineSae } = await import("../lib/doctor/examine_sae.ts");
  const { doctorLines, firstMisfit } = await import("../lib/cli/doctor_report.ts");
  const examination = await examineSae({
    sae: values.sae,
    k: values.k,
    format: values.sae_format,
    reading: values.reading,
    lmModel,
    questionFile,
    prompts: promptSettings(values),
    samplesPerRelation: values.samples_per_relation,
    site: values.site,
    device: values.device,
  }, terminal);
  for (const line of doctorLines(examination)) terminal.print(line);
  const problem = firstMisfit(examination.findings);
  if (problem !== undefined) throw new InputError(`${values.sae}: ${problem}`);
}

if (import.meta.main) await runCommand(doctor, import.meta.url);
