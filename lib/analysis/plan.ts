/**
 * Finds and checks everything that an analysis needs, before anything is computed.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import { absent, lookAt } from "../files/look.ts";
import type { SteadyFile } from "../files/steady_file.ts";
import {
  checkLayers,
  checkWeights,
  type LanguageModel,
  openLanguageModel,
  tokenizeQuestions,
} from "../lm/language_model.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import {
  type QuestionFile,
  type QuestionSample,
  readQuestions,
  sampleQuestions,
} from "../questions/question_file.ts";
import { listRelations, pickRelations } from "../questions/relations.ts";
import {
  findCheckpoint,
  openSaeCheckpoint,
  type SaeCheckpoint,
} from "../sae/formats/sae_checkpoint.ts";

/** What is to be analysed. */
export interface AnalysisOptions {
  /** The Hugging Face directory of the language model. */
  readonly lmModel: string;
  /** The directory with `layer0/`, `layer1/`, … and a checkpoint in each. */
  readonly saeDirectory: string;
  /** The question file. */
  readonly questionFile: string;
  /** The layers; `all` is every layer that is the input of a block. */
  readonly layers: "all" | readonly number[];
  /** How many questions of each relation are used: the first of the file. */
  readonly samplesPerRelation: number;
  /** The relations to analyse, by keys and numbers. Default: all. */
  readonly relations?: readonly (string | number)[] | undefined;
  /** Activations above it count for the consistency. */
  readonly threshold: number;
}

/** An analysis of which every input has been found and checked, and nothing computed. */
export interface AnalysisPlan {
  /** What is to be analysed. */
  readonly options: AnalysisOptions;
  /** The language model. */
  readonly model: LanguageModel;
  /** The question file. */
  readonly file: QuestionFile;
  /** The questions that are used, by relation. */
  readonly sample: QuestionSample;
  /** The token ids of their prompts. */
  readonly prompts: readonly (readonly number[])[];
  /** The SAEs, by layer. */
  readonly checkpoints: readonly SaeCheckpoint[];
  /** Layers that were asked for and have no SAE. */
  readonly skipped: readonly { layer: number; reason: string }[];
  /** The SHA-256 of each input but the SAEs, by path. */
  readonly inputHashes: Readonly<Record<string, string>>;
}

/**
 * Opens and checks every input, so that a mistake shows before anything is computed.
 *
 * @throws {InputError} If an input is missing or damaged, or two do not belong together.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { planAnalysis } from "@coact/coact";
 *
 * const plan = await planAnalysis({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 * });
 * assert.equal(plan.sample.questions.length, 6 * 5);
 * assert.equal(plan.checkpoints[0]?.shape.featureCount, 1006);
 * ```
 */
export async function planAnalysis(
  options: AnalysisOptions,
  observer: Observer = SILENT,
): Promise<AnalysisPlan> {
  const { lmModel, saeDirectory, questionFile, samplesPerRelation } = options;
  const model = await openLanguageModel(lmModel, observer);
  const file = await readQuestions(questionFile);
  const layers = listLayers(options.layers, model.config.n_layer);
  checkLayers(model, layers);
  const { checkpoints, skipped } = await openCheckpoints(saeDirectory, layers);
  for (const checkpoint of checkpoints) checkWidth(checkpoint, model);
  checkWeights(model, checkpoints.map(({ layer }) => layer));
  const slotCount = commonSlotCount(checkpoints);
  const all = listRelations(file.relationNames, slotCount);
  const sample = sampleQuestions(file, {
    relations: pickRelations(all, options.relations),
    relationCount: all.length,
    samplesPerRelation,
  });
  const prompts = tokenizeQuestions(model, sample.questions, file.path);
  const inputHashes = await hashInputs([...file.files, ...model.files]);
  warnOfSkipped(skipped, observer);
  if (options.layers === "all") await noteLastLayer(saeDirectory, model, observer);
  return { options, model, file, sample, prompts, checkpoints, skipped, inputHashes };
}

/** The SHA-256 of each input but the SAEs, of which only a part is read. */
async function hashInputs(inputs: readonly SteadyFile[]): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const file of inputs) hashes[file.path] = await file.sha256();
  return hashes;
}

/** The layers in ascending order, each once. */
function listLayers(layers: "all" | readonly number[], blockCount: number): number[] {
  if (layers === "all") return [...Array(blockCount).keys()];
  return [...new Set(layers)].sort((a, b) => a - b);
}

/** Finds and opens the SAE of each layer; layers without one are left out. */
async function openCheckpoints(
  saeDirectory: string,
  layers: readonly number[],
): Promise<Pick<AnalysisPlan, "checkpoints" | "skipped">> {
  await checkIsDirectory(saeDirectory);
  const checkpoints: SaeCheckpoint[] = [];
  const skipped: { layer: number; reason: string }[] = [];
  const triedPaths: string[] = [];
  for (const layer of layers) {
    const found = await findCheckpoint(saeDirectory, layer);
    if ("path" in found) {
      checkpoints.push(await openSaeCheckpoint(found.path, layer));
      continue;
    }
    triedPaths.push(...found.tried);
    skipped.push({ layer, reason: `No SAE checkpoint found: tried ${found.tried.join(", ")}` });
  }
  if (checkpoints.length > 0) return { checkpoints, skipped };
  const which = layers.length === 1
    ? `layer ${layers[0]}`
    : `any of the layers ${layers.join(", ")}`;
  throw new InputError(
    `No SAE checkpoint found for ${which}; tried ${triedPaths.slice(0, 3).join(", ")}` +
      `${triedPaths.length > 3 ? ", …" : ""}`,
    { advice: { kind: "locate_saes" } },
  );
}

async function checkIsDirectory(saeDirectory: string): Promise<void> {
  switch (await lookAt(saeDirectory)) {
    case "file":
      throw new InputError(`${saeDirectory} is a file, expected the directory of the SAEs`, {
        advice: { kind: "name_path", setting: "saeDirectory" },
      });
    case undefined:
      throw new InputError(absent(saeDirectory), {
        advice: { kind: "name_path", setting: "saeDirectory" },
      });
  }
}

/** One line, whether one layer has no SAE or most of them. */
function warnOfSkipped(skipped: AnalysisPlan["skipped"], observer: Observer): void {
  const [first, ...others] = skipped;
  if (first === undefined) return;
  if (others.length === 0) {
    return observer.warn(`layer ${first.layer} is skipped: ${first.reason}`);
  }
  const layers = skipped.map(({ layer }) => layer).join(", ");
  observer.warn(`layers ${layers} are skipped: ${first.reason}, and so on`);
}

/** The state after the final LayerNorm is no block's input, so that `all` does not mean it. */
async function noteLastLayer(
  saeDirectory: string,
  { config: { n_layer } }: LanguageModel,
  observer: Observer,
): Promise<void> {
  try {
    if ("tried" in await findCheckpoint(saeDirectory, n_layer)) return;
  } catch (error) {
    // nobody asked for this layer
    return observer.warn(messageOf(error), error instanceof InputError ? error.advice : undefined);
  }
  observer.note(`layer ${n_layer}, after the final LayerNorm, has an SAE, too`, {
    kind: "name_layer",
    layer: n_layer,
  });
}

/**
 * Makes sure that an SAE takes the hidden states that a model gives.
 *
 * @throws {InputError} If they are of different widths.
 */
export function checkWidth(
  { path, shape }: SaeCheckpoint,
  { directory, config }: LanguageModel,
): void {
  if (shape.width === config.n_embd) return;
  throw new InputError(
    `${path} takes hidden states of width ${shape.width}, but the model ${directory} has ` +
      `n_embd ${config.n_embd}: they do not belong together`,
  );
}

/** How many slots the supervised SAEs have, undefined if there is none. */
function commonSlotCount(checkpoints: readonly SaeCheckpoint[]): number | undefined {
  const supervised = checkpoints.filter(({ shape }) => shape.kind === "supervised");
  const [first] = supervised;
  const other = supervised.find(({ shape }) => shape.slotCount !== first?.shape.slotCount);
  if (first !== undefined && other !== undefined) {
    throw new InputError(
      `${other.path} has ${other.shape.slotCount} relation slots, but ${first.path} ` +
        `${first.shape.slotCount}`,
      { advice: { kind: "layers_apart" } },
    );
  }
  return first?.shape.slotCount;
}
