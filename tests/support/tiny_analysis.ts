/** Everything that an analysis needs, tiny: a model of width 8, SAEs for its layers, questions. */
import type { AnalysisOptions } from "../../lib/analysis/plan/plan.ts";
import type { AnalysisFileOptions } from "../../lib/analysis/run_options.ts";
import { randomNumbers, type TinyModelOptions, writeTinyModel } from "./tiny_model.ts";
import type { TemporaryDirectory } from "./temporary.ts";
import { torchFile, torchTensor } from "./torch_file.ts";

/** The relations, as the question files of AlignSAE name them. */
export const RULES = [
  "birth_date",
  "birth_city",
  "university",
  "major",
  "employer",
  "company_city",
] as const;

/** Width of the tiny model. */
const WIDTH = 8;

/** How the inputs differ from the plain ones. */
export interface TinyInputs {
  /** The language model. */
  model?: TinyModelOptions;
  /** The layers with an SAE. Default: 0 to 3. */
  layers?: readonly number[];
  /** The SAE of a layer. Default: supervised, 5 free features, 6 slots. */
  sae?: (layer: number) => Uint8Array;
  /** The lines of the question file. Default: two questions of each relation. */
  lines?: readonly string[];
  /** Whether each feature is measured for itself, which most tests do not look at. Default: no. */
  statistics?: boolean;
}

/** Writes the inputs; returns the options of `analyze` that name them. */
export function writeTinyInputs(directory: TemporaryDirectory, inputs: TinyInputs = {}): string[] {
  const { layers = [0, 1, 2, 3], sae = () => supervisedSae(), lines = questionLines(2) } = inputs;
  writeTinyModel(directory, inputs.model);
  for (const layer of layers) directory.write(`sae/layer${layer}/sae_best.pt`, sae(layer));
  directory.write("questions.jsonl", lines.join("\n") + "\n");
  return [
    "--lm_model",
    `${directory.path}/lm`,
    "--sae_dir",
    `${directory.path}/sae`,
    "--qa_file",
    `${directory.path}/questions.jsonl`,
    "--output_dir",
    `${directory.path}/results`,
    "--samples_per_relation",
    "2",
    "--device",
    "cpu",
    "--dpi", // what is small is drawn fast
    "20",
    ...inputs.statistics ? [] : ["--no_statistics"],
  ];
}

/** The options of an analysis of the inputs that {@linkcode writeTinyInputs} writes. */
export function tinyOptions<T extends Partial<AnalysisOptions>>(
  { path }: TemporaryDirectory,
  options: T,
): AnalysisOptions & T {
  return {
    lmModel: `${path}/lm`,
    saeDirectory: `${path}/sae`,
    questionFile: `${path}/questions.jsonl`,
    layers: "all",
    samplesPerRelation: 2,
    threshold: 0.1,
    ...options,
  };
}

/** The same of a run that writes files, on a CPU. */
export function tinyRun<T extends Partial<AnalysisFileOptions>>(
  directory: TemporaryDirectory,
  options: T,
): AnalysisFileOptions & T {
  return {
    ...tinyOptions(directory, {}),
    outputDirectory: `${directory.path}/results`,
    device: "cpu",
    pictures: { dpi: 20 },
    ...options,
  };
}

/** A line of the question file. */
export function questionLine(rule: number, question: string): string {
  return JSON.stringify({ rule_idx: rule, rule_name: RULES[rule], question, answer: "x" });
}

/** So many questions of each relation, interleaved; no two are alike. */
export function questionLines(perRelation: number): string[] {
  return Array.from({ length: perRelation * RULES.length }, (_, i) => {
    const rule = i % RULES.length;
    return questionLine(rule, `What is the ${RULES[rule]} of person ${i}?`);
  });
}

/** A supervised SAE. */
export function supervisedSae(
  { free = 5, slots = 6, width = WIDTH, bias = 0, decoder }: {
    free?: number;
    slots?: number;
    width?: number;
    bias?: number;
    /** Every number of its decoder. Default: it has none. */
    decoder?: number;
  } = {},
): Uint8Array {
  const features = free + slots;
  const isThere = decoder !== undefined;
  return torchFile({
    model_state_dict: {
      "encoder.weight": torchTensor("0", [features, width]),
      "encoder.bias": torchTensor("1", [features]),
      "decoder.weight": isThere ? torchTensor("2", [width, features]) : undefined,
      "decoder.bias": isThere ? torchTensor("3", [width]) : undefined,
    },
    args: { n_free: free, n_relation: slots },
    d_model: width,
  }, {
    0: randomNumbers(features * width, 7),
    1: new Float32Array(features).fill(bias),
    ...(isThere && {
      2: new Float32Array(features * width).fill(decoder),
      3: new Float32Array(width).fill(decoder),
    }),
  });
}

/** A traditional SAE. */
export function traditionalSae(features = 9): Uint8Array {
  return torchFile({
    model_state_dict: {
      "encoder.weight": torchTensor("0", [features, WIDTH]),
      "encoder.bias": torchTensor("1", [features]),
    },
    args: { is_traditional: true, n_hidden: features },
  }, { 0: randomNumbers(features * WIDTH, 8), 1: new Float32Array(features) });
}
