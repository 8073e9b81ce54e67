/**
 * The states of a language model at some sites, as arrays.
 *
 *     deno task states --lm_model DIR --qa_file data.jsonl --sites pre:0-6,post:6,final
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import {
  deviceOption,
  maxMemoryOption,
  outputOption,
  pathOption,
  waitOption,
} from "../lib/cli/options.ts";
import { sitesOption } from "../lib/cli/layer_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { PROMPT_OPTIONS, promptSettings } from "../lib/cli/prompt_options.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = {
  lm_model: pathOption(
    "DIR",
    "the language model, a Hugging Face directory",
    "models/base_sft/checkpoint-step-10000",
  ),
  qa_file: pathOption(
    "FILE",
    "the prompts: JSON lines, or a CSV file",
    "data/generated/qa_test_id.jsonl",
  ),
  output_dir: outputOption("the directory for the arrays and states.json", "results/states"),
  sites: sitesOption("the sites, such as pre:0-6,post:12,final (default: all)"),
  ...PROMPT_OPTIONS,
  device: deviceOption(),
  max_memory: maxMemoryOption(),
  wait: waitOption(),
};

/** The command `states`. */
export const states: Command = defineCommand({
  name: "states",
  summary: "Write the states of a language model at some sites, for NumPy.",
  about: "Writes a float32 array [prompts, d_model] for each site, such as pre06_states.npy, " +
    "attn_out03_states.npy or final_states.npy, whose rows are the prompts in the order of the " +
    "file; states.json says how they were made. Arrays of an earlier run that states.json lists and " +
    "this one does not write are removed.",
  options,
  examples: [
    "deno task states --lm_model demo/lm --qa_file demo/data/qa_test_id.jsonl --sites pre:6,final",
    "deno task states --qa_file data.jsonl --ids_field input_ids --sites all --position mean",
  ],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { statesToFiles } = await import("../lib/states/states_to_files.ts");
  const { paths, shape } = await statesToFiles({
    lmModel: values.lm_model,
    questionFile: values.qa_file,
    prompts: promptSettings(values),
    sites: values.sites ?? "all",
    device: values.device,
    maxMemory: values.max_memory,
    outputDirectory: values.output_dir,
    wait: values.wait,
  }, terminal);
  for (const path of paths) terminal.print(`wrote ${path} (${shape.join(" × ")})`);
}

if (import.meta.main) await runCommand(states, import.meta.url);
