/**
 * Finds and checks everything that an analysis needs, before anything is computed.
 *
 * @module
 */
import { type Observer, SILENT } from "../../base/observer.ts";
import { hashesOf } from "../../files/steady_file.ts";
import { checkWeights } from "../../lm/language_model.ts";
import { openPromptedModel, type PromptedModel } from "../../prompts/prompted_model.ts";
import { deepestSite, type Site } from "../../lm/site.ts";
import type { QuestionFile } from "../../questions/question_file.ts";
import type { Relation } from "../../questions/relations.ts";
import type { QuestionSample } from "../../questions/sample.ts";
import { askedQuestions, type QuestionWish, takeSample } from "../../prompts/asked_questions.ts";
import type { PlannedSaes, SaeWish } from "./planned_sae.ts";
import { planSaes } from "./planned_saes.ts";
import { plannedTokens, type QuestionTokens } from "../../prompts/question_tokens.ts";
import { ReadingThreads } from "../../reading/reading_threads.ts";

/** What is to be analysed. */
export interface AnalysisOptions extends SaeWish, QuestionWish {
  /** The Hugging Face directory of the language model. */
  readonly lmModel: string;
  /** The question file. */
  readonly questionFile: string;
  /** Activations above it are active. */
  readonly threshold: number;
  /** Whether an SAE is analysed that does not seem to belong to the states. Default: no. */
  readonly forceSae?: boolean | undefined;
}

/** An analysis of which every input has been found and checked, and nothing computed. */
export interface AnalysisPlan extends PlannedSaes, QuestionTokens {
  /** What is to be analysed. */
  readonly options: AnalysisOptions & { readonly samplesPerRelation: number };
  /** The language model. */
  readonly model: PromptedModel;
  /** The question file. */
  readonly file: QuestionFile;
  /** The questions that are used, by relation. */
  readonly sample: QuestionSample;
  /** All relations that there are, those that were not picked among them. */
  readonly relations: readonly Relation[];
  /**
   * The last site that a forward pass comes to, of those that SAEs read and are tried at: so far the
   * language model is computed.
   */
  readonly deepest: Site;
  /**
   * The SHA-256 of each input but the SAEs, by path: they are being found while the analysis goes on.
   * Rejected with an {@linkcode InputError} if a file cannot be read.
   */
  readonly inputHashes: Promise<Readonly<Record<string, string>>>;
}

/**
 * Opens and checks every input, so that a mistake shows before anything is computed.
 *
 * @param reading Who hashes; they stay the caller's. Default: threads of its own.
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
  reading?: ReadingThreads,
): Promise<AnalysisPlan> {
  using own = reading === undefined ? new ReadingThreads() : undefined;
  const { hash } = (reading ?? own)!;
  const { lmModel, questionFile } = options;
  const model = await openPromptedModel(lmModel, options.prompts, observer);
  // The longest files are hashed while the others are read.
  const hashing = hashesOf(model.files, hash);
  hashing.catch(() => {}); // it is thrown when it is awaited
  const asked = await askedQuestions(questionFile, options, observer);
  const planned = await planSaes(options, model, observer);
  const { checkpoints, slotCount } = planned;
  checkWeights(model, checkpoints.map(({ site }) => site));
  const { file } = asked;
  const { relations, sample } = takeSample(asked, options, { slotCount, observer });
  const saes = checkpoints.map(({ opened }) => opened);
  const { path } = file;
  const tokens = plannedTokens(model, sample.questions, { saes, path, options, observer });
  const samplesPerRelation = Math.max(...sample.groupSizes); // groups may have fewer than were asked for
  const inputHashes = hashesOf(file.files, hash)
    .then(async (ofQuestions) => ({ ...ofQuestions, ...await hashing }));
  inputHashes.catch(() => {}); // it is thrown when it is awaited
  // Threads of its own end here; and what is hardly written may be hashed only before it is used.
  const areSettled = [...model.files, ...file.files].every(({ isSettled }) => isSettled);
  if (own !== undefined || !areSettled) await inputHashes;
  return {
    options: { ...options, samplesPerRelation },
    model,
    file,
    relations,
    sample,
    ...tokens,
    ...planned,
    deepest: deepestSite(checkpoints.flatMap(({ neededSites }) => neededSites)),
    inputHashes,
  };
}
