/**
 * What could be done about a problem, in the words of the command line: here the library's settings
 * become options, and what is to be made becomes a command.
 *
 * @module
 */
import type { Advice, Setting } from "../base/advice.ts";
import { type InputError, messageOf } from "../base/errors.ts";
import { commandLine } from "./invocation.ts";

/** The option of each setting. */
const OPTIONS: Readonly<Record<Setting, string>> = {
  lmModel: "--lm_model",
  saeDirectory: "--sae_dir",
  saeFormat: "--sae_format",
  questionFile: "--qa_file",
  outputDirectory: "--output_dir",
  layers: "--layers",
  sites: "--sites",
  samplesPerRelation: "--samples_per_relation",
  relations: "--relations",
  maxMemory: "--max_memory",
  device: "--device",
  textField: "--text_field",
  idsField: "--ids_field",
  labelFields: "--label_field",
  labelOrder: "--label_order",
  skipUnlabelled: "--skip_unlabelled",
  promptTemplate: "--prompt_template",
  position: "--position",
  occurrence: "--occurrence",
  prependBos: "--prepend_bos",
  delimiter: "--delimiter",
  clusterField: "--cluster_field",
  dpi: "--dpi",
};

/** What each path is, for a user who has to name another. */
const PATHS = {
  lmModel: "the language model",
  saeDirectory: "the directory of the SAEs",
  questionFile: "the question file",
} as const;

type Phrases = {
  readonly [K in Advice["kind"]]: (advice: Extract<Advice, { kind: K }>) => string;
};

/** What comes after the problem, for each kind of advice. */
const PHRASES: Phrases = {
  more_memory: ({ mebibytes }) => `allow ${OPTIONS.maxMemory} ${mebibytes}MiB or more`,
  name_path: ({ setting }) => `name ${PATHS[setting]} with ${OPTIONS[setting]}`,
  locate_saes: () => `name their directory with ${OPTIONS.saeDirectory}`,
  name_format: ({ names }) =>
    `or say which is meant with ${OPTIONS.saeFormat}: ${names.join(", ")}`,
  force_sae: () => "--force_sae analyses it all the same",
  another_directory: ({ copy = false }) =>
    copy
      ? `copy it to where it can, and name that with ${OPTIONS.outputDirectory}`
      : `choose another with ${OPTIONS.outputDirectory}`,
  wait: () =>
    `wait for it with --wait, or choose another directory with ${OPTIONS.outputDirectory}`,
  fewer_samples: ({ atMost }) => `use ${OPTIONS.samplesPerRelation} ${atMost}`,
  name_relation: ({ keys, orOthers = false }) =>
    `write ${keys.map((key) => `name=${key}`).join(" or ")}` +
    (orOthers ? ", or the names of the others" : ""),
  leave_out_relation: ({ relation }) =>
    `if they are right, leave relation ${relation} out with ${OPTIONS.relations}`,
  leave_out_relations: () => `leave it out by naming the others in ${OPTIONS.relations}`,
  name_layer: () => `name it in ${OPTIONS.layers}`,
  name_sites: ({ sites }) => `say which with ${OPTIONS.sites}, such as ${sites}`,
  layers_apart: () => `analyse them one after the other with ${OPTIONS.layers}`,
  force: () => "--force computes them again",
  overwrite: () => "--force writes over it",
  name_sae: () => "name one with --sae",
  name_tensor: () => "name one with --states_key",
  give_k: () => "give it with --k",
  name_site: () => "say where it reads with --site",
  centre_states: () => "--centre_states subtracts the mean of each",
  lower_dpi: ({ atMost }) => `at most ${atMost} dpi fit`,
  name_fields: () =>
    `name the field of the prompt with ${OPTIONS.textField}, its label's with ${OPTIONS.labelFields}`,
  skip_unlabelled: () => `${OPTIONS.skipUnlabelled} leaves such lines out`,
  choose_occurrence: () => `${OPTIONS.occurrence} first or last takes one of them`,
  decide_beginning: () => `${OPTIONS.prependBos} yes or no decides`,
  use_device: ({ device }) => `${OPTIONS.device} ${device} does without it`,
  install_driver: () => `install the GPU's Vulkan driver, or use ${OPTIONS.device} cpu`,
  free_gpu: () => `end what else uses the GPU, or use ${OPTIONS.device} cpu`,
  update_driver: () => `update its driver, or choose another with ${OPTIONS.device}`,
  another_device: () => `another ${OPTIONS.device} may do`,
  resume: () =>
    "what is written stays, and the same command goes on from there, " +
    `${OPTIONS.device} cpu without a GPU`,
  take_together: ({ lists }) => {
    const isNumbered = lists.flat().every((layer) => typeof layer === "number");
    const named = lists.map((layers) =>
      `${isNumbered ? `${OPTIONS.layers} ` : ""}${layers.join()}`
    );
    return `analyse them again together, or take layers that belong together: ${
      named.join(" or ")
    }`;
  },
  verdict_again: ({ outputDirectory }) =>
    `make it again with: ${commandLine("verdict", OPTIONS.outputDirectory, outputDirectory)}`,
  analyze: ({ outputDirectory, layers }) => {
    const which = layers?.every((layer) => typeof layer === "number")
      ? [OPTIONS.layers, layers.join(",")]
      : []; // results of other sites need more options than a reader would type
    const command = commandLine("analyze", ...which, OPTIONS.outputDirectory, outputDirectory);
    return `make it with: ${command}, and the options that name your files`;
  },
};

/** What is wrong, and what could be done about it, in one line. */
export function withAdvice(message: string, advice?: Advice): string {
  if (advice === undefined) return message;
  const phrase = PHRASES[advice.kind] as (advice: Advice) => string;
  const joint = advice.kind === "layers_apart" ? ":" : ";"; // it follows from the problem
  return `${message}${joint} ${phrase(advice)}`;
}

/** A mistake of the user's in one line: the option it is about, what is wrong, what to do. */
export function describeProblem(error: InputError): string {
  const { subject, advice } = error;
  const message = withAdvice(messageOf(error), advice);
  if (subject === undefined) return message;
  const { setting, value } = subject;
  const option = [OPTIONS[setting], value].filter((part) => part !== undefined).join(" ");
  return `${option}: ${message}`;
}
