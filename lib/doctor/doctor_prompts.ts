/**
 * The prompts that an SAE is tried on.
 *
 * @module
 */
import { type AskedQuestions, askedQuestions } from "../analysis/asked_questions.ts";
import type { AnalysisPlan } from "../analysis/plan.ts";
import { tokensOf } from "../analysis/question_tokens.ts";
import type { Observer } from "../base/observer.ts";
import type { PromptSettings } from "../lm/prompt_settings.ts";
import { listRelations } from "../questions/relations.ts";
import type { Question } from "../questions/question_file.ts";
import { sampleQuestions } from "../questions/sample.ts";
import { sampleLabelled } from "../questions/labelled_questions.ts";

/** How many prompts of each group are used. */
const SAMPLES_PER_GROUP = 50;

/**
 * Reads prompts as an analysis does, and takes the first of each group: of relations as many as all
 * of them have, of labels as many as there are.
 *
 * @throws {InputError} If a line is malformed, or a prompt cannot be encoded.
 */
export async function doctorPrompts(
  model: AnalysisPlan["model"],
  path: string,
  { options, observer }: {
    options: { prompts?: PromptSettings | undefined; samplesPerRelation?: number | undefined };
    observer: Observer;
  },
): Promise<Pick<AnalysisPlan, "prompts" | "pooled">> {
  const { samplesPerRelation = SAMPLES_PER_GROUP } = options;
  const asked = await askedQuestions(path, options, observer);
  const questions = sampleOf(asked, samplesPerRelation);
  return tokensOf(model, questions, { path: asked.file.path, options, observer });
}

function sampleOf({ file, grouping }: AskedQuestions, most: number): readonly Question[] {
  if (grouping !== undefined) return sampleLabelled(file, grouping.groups, most).questions;
  const relations = listRelations(file.relationNames);
  const least = Math.min(
    ...relations.map(({ index }) => file.questions.filter((q) => q.relation === index).length),
  );
  const samplesPerRelation = Math.min(most, least);
  const wanted = { relations, relationCount: relations.length, samplesPerRelation };
  return sampleQuestions(file, wanted).questions;
}
