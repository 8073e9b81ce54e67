/**
 * The prompts that an SAE is tried on.
 *
 * @module
 */
import { type AskedQuestions, askedQuestions } from "../prompts/asked_questions.ts";
import { type QuestionTokens, tokensOf } from "../prompts/question_tokens.ts";
import type { Observer } from "../base/observer.ts";
import type { PromptedModel } from "../prompts/prompted_model.ts";
import { type PromptSettings, readGroupedPrompts } from "../prompts/prompt_settings.ts";
import { listRelations } from "../questions/relations.ts";
import type { Question } from "../questions/question_file.ts";
import { sampleQuestions } from "../questions/sample.ts";
import { questionsByLabel, sampleLabelled } from "../questions/labelled_questions.ts";

/** How many prompts of each group are used. */
const SAMPLES_PER_GROUP = 50;
/** How many are used where no groups are known. */
const SAMPLES = 300;

/**
 * Reads prompts as an analysis does, and takes the first of each group: of relations as many as all
 * of them have, of labels as many as there are. Prompts that are in no groups are taken as they come.
 *
 * @throws {InputError} If a line is malformed, or a prompt cannot be encoded.
 */
export async function doctorPrompts(
  model: PromptedModel,
  path: string,
  { options, observer }: {
    options: { prompts?: PromptSettings | undefined; samplesPerRelation?: number | undefined };
    observer: Observer;
  },
): Promise<QuestionTokens> {
  const { samplesPerRelation } = options;
  const ungrouped = await ungroupedPrompts(path, options.prompts, observer);
  const asked = ungrouped ?? await askedQuestions(path, options, observer);
  const most = ungrouped === undefined ? SAMPLES_PER_GROUP : SAMPLES;
  const questions = sampleOf(asked, samplesPerRelation ?? most);
  return tokensOf(model, questions, { path: asked.file.path, options, observer });
}

/** Prompts of which neither the options nor AlignSAE's fields say a group, as one group. */
async function ungroupedPrompts(
  path: string,
  prompts: PromptSettings = {},
  observer: Observer,
): Promise<AskedQuestions | undefined> {
  const { textField, template, idsField, labelFields = [] } = prompts;
  const namesPrompts = [textField, template, idsField].some((field) => field !== undefined);
  if (!namesPrompts || labelFields.length > 0) return undefined;
  const { file } = await readGroupedPrompts(path, prompts, observer);
  if (file.prompts.some(({ fields }) => fields.get("rule_idx") !== undefined)) return undefined;
  const grouping = {
    field: "",
    groups: [{ index: 0, key: "all", label: "all" }],
    groupOf: file.prompts.map(() => 0),
    unlabelled: 0,
  };
  return { file: questionsByLabel(file, grouping), grouping, isOrdered: false };
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
