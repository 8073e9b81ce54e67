/**
 * What a language model sees of prompts: their tokens, and the one whose state is read.
 *
 *     deno task tokens --lm_model models/pythia-160m --qa_file data.jsonl --text_field text
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { countOption, outputOption, pathOption, waitOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { PROMPT_OPTIONS, promptSettings } from "../lib/cli/prompt_options.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = {
  lm_model: pathOption(
    "DIR",
    "the language model, a Hugging Face directory; its tokenizer is enough",
    "models/base_sft/checkpoint-step-10000",
  ),
  qa_file: pathOption(
    "FILE",
    "the prompts: JSON lines, or a CSV file",
    "data/generated/qa_test_id.jsonl",
  ),
  output_dir: outputOption("the directory for tokens.jsonl and tokens.json", "results/tokens"),
  lines: countOption("of how many prompts the table is printed", 5),
  ...PROMPT_OPTIONS,
  wait: waitOption(),
};

/** The command `tokens`. */
export const tokens: Command = defineCommand({
  name: "tokens",
  summary: "Show the tokens of prompts, and the position whose state is read.",
  about:
    "Prints a table of the first prompts and writes all of them: tokens.jsonl has the ids, the " +
    "tokens and the position of each, tokens.json says how they were made. No weight is read.",
  options,
  examples: [
    "deno task tokens --lm_model demo/lm --qa_file demo/data/qa_test_id.jsonl",
    "deno task tokens --qa_file data.csv --text_field text --position 'at:{city}'",
  ],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { tokensToFiles } = await import("../lib/states/tokens_to_files.ts");
  const { tokenTable } = await import("../lib/cli/token_table.ts");
  const { prompts, tokenizer, paths } = await tokensToFiles({
    lmModel: values.lm_model,
    questionFile: values.qa_file,
    prompts: promptSettings(values),
    outputDirectory: values.output_dir,
    wait: values.wait,
  }, terminal);
  for (const prompt of prompts.slice(0, values.lines)) {
    for (const line of tokenTable(prompt, tokenizer)) terminal.print(line);
    terminal.print("");
  }
  terminal.print(
    `wrote ${paths[0]} (${prompts.length} ${prompts.length === 1 ? "prompt" : "prompts"}) and ` +
      paths[1],
  );
}

if (import.meta.main) await runCommand(tokens, import.meta.url);
