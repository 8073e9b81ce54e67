/**
 * The whole analysis on the model that ships with the project.
 *
 *     deno task demo
 *
 * @module
 */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { deviceOption, outputOption, waitOption } from "../lib/cli/options.ts";
import { dpiOption, formatOption, pictureOptions } from "../lib/cli/picture_options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";
import { InputError } from "../lib/base/errors.ts";
import { commandLine } from "../lib/cli/invocation.ts";
import { exists } from "../lib/files/look.ts";

/** What the demo analyses, each into a directory of its own. */
const RUNS = [
  {
    name: "test_id",
    about: "questions in known phrasings about unseen people, supervised SAEs",
    questions: "qa_test_id.jsonl",
    saes: "sae",
    layers: "all",
  },
  {
    name: "test_ood",
    about: "questions in unseen phrasings, supervised SAEs",
    questions: "qa_test_ood.jsonl",
    saes: "sae",
    layers: "all",
  },
  {
    name: "traditional",
    about: "questions in known phrasings about unseen people, traditional SAEs",
    questions: "qa_test_id.jsonl",
    saes: "sae_traditional",
    layers: [0, 6],
  },
] as const;

/** The question files have so many of each relation. */
const SAMPLES_PER_RELATION = 125;

const options = {
  output_dir: outputOption("the directory for the results", "results/demo"),
  device: deviceOption(),
  dpi: dpiOption(),
  format: formatOption(),
  wait: waitOption(),
};

/** The command `demo`. */
export const demo: Command = defineCommand({
  name: "demo",
  summary: "Analyse the small trained model that ships with coact.",
  about:
    "Runs the whole analysis three times: on questions in known and in unseen phrasings with " +
    "supervised SAEs, and with traditional SAEs.",
  options,
  examples: ["deno task demo", "deno task demo --device wasm"],
  run,
});

async function run(
  { output_dir, device, dpi, format, wait }: Values<typeof options>,
  terminal: Terminal,
): Promise<void> {
  if (!import.meta.url.startsWith("file:")) {
    throw new InputError(
      "the demo's files are not part of the package; coact's repository has them",
    );
  }
  if (!await exists(demoPath("lm"))) {
    throw new InputError("the demo's files are not there: coact was built without them");
  }
  const { analyzeToFiles } = await import("../lib/analysis/run.ts");
  const { countLayers, reportLines } = await import("../lib/cli/report.ts");
  const pictures = pictureOptions({ dpi, format, colormap: undefined });
  for (const { name, about, questions, saes, layers } of RUNS) {
    const outputDirectory = `${output_dir}/${name}`;
    terminal.print("");
    terminal.print(`${name}: ${about}`);
    const { summary, times } = await analyzeToFiles({
      lmModel: demoPath("lm"),
      saeDirectory: demoPath(saes),
      questionFile: demoPath(`data/${questions}`),
      outputDirectory,
      layers,
      samplesPerRelation: SAMPLES_PER_RELATION,
      threshold: 0.1,
      device,
      pictures,
      wait,
      statistics: true,
    }, terminal);
    for (const line of reportLines(summary, times)) terminal.print(line);
    terminal.print(`wrote ${outputDirectory}/ (${countLayers(summary.layers_analyzed.length)})`);
  }
  terminal.print("");
  terminal.print(
    `look at ${output_dir}/test_id/all_layers_relation_slots_summary.png first, then at the ` +
      "pictures of a layer beside it",
  );
  terminal.print(
    `in words, with intervals: ${commandLine("verdict", "--output_dir", `${output_dir}/test_id`)}`,
  );
}

/**
 * A path in the demo, as short as it can be said from here. The files in a binary are in no
 * directory from which there would be a way to them.
 */
function demoPath(path: string): string {
  const absolute = fileURLToPath(new URL(`../demo/${path}`, import.meta.url));
  const short = relative(Deno.cwd(), absolute);
  if (Deno.build.standalone) return absolute;
  return short.startsWith("..") ? absolute : short;
}

if (import.meta.main) await runCommand(demo, import.meta.url);
