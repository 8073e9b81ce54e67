/**
 * The questions that an analysis is asked about: AlignSAE's, or prompts of other fields in groups of
 * other labels.
 *
 * @module
 */
import { InputError, UsageError } from "../base/errors.ts";
import type { Observer } from "../base/observer.ts";
import { type PromptSettings, readGroupedPrompts } from "./prompt_settings.ts";
import type { Grouping } from "../questions/labels.ts";
import {
  questionsByLabel,
  questionsByRule,
  sampleLabelled,
} from "../questions/labelled_questions.ts";
import { isTable } from "../questions/prompt_lines.ts";
import { type QuestionFile, readQuestions } from "../questions/question_file.ts";
import { listRelations, pickRelations, type Relation } from "../questions/relations.ts";
import { type QuestionSample, sampleQuestions } from "../questions/sample.ts";

/** How many questions of each relation AlignSAE's analysis takes. */
const SAMPLES_PER_RELATION = 500;

/** Which questions are wanted. */
export interface QuestionWish {
  /**
   * How many questions of each relation are used: the first of the file. Default: 500, and all there
   * are of groups by label.
   */
  readonly samplesPerRelation?: number | undefined;
  /** How prompts are made of the file's lines. Default: AlignSAE's questions. */
  readonly prompts?: PromptSettings | undefined;
  /** The relations to analyse, by keys and numbers. Default: all. */
  readonly relations?: readonly (string | number)[] | undefined;
}

/** Questions, and the groups that they are in. */
export interface AskedQuestions {
  /** The questions. */
  readonly file: QuestionFile;
  /** The groups, where they are labels. */
  readonly grouping?: Grouping | undefined;
  /** How many of each group are taken where nothing else is said; undefined: all. */
  readonly samplesPerRelation?: number | undefined;
  /** Whether the order of the groups was said. */
  readonly isOrdered: boolean;
}

/**
 * Reads the questions.
 *
 * @throws {InputError} If a line is malformed, or has no label.
 * @throws {UsageError} If several fields of labels are named: each needs an analysis of its own.
 */
export async function askedQuestions(
  path: string,
  { prompts = {} }: Pick<QuestionWish, "prompts">,
  observer: Observer,
): Promise<AskedQuestions> {
  if (isUsual(prompts, path)) {
    const file = await readQuestions(path);
    return { file, samplesPerRelation: SAMPLES_PER_RELATION, isOrdered: true };
  }
  const { file, groupings } = await readGroupedPrompts(path, prompts, observer);
  const [grouping, ...others] = groupings;
  if (others.length > 0) {
    throw new UsageError("several fields of labels are several analyses", {
      subject: { setting: "labelFields" },
    });
  }
  if (grouping === undefined) {
    const byRule = questionsByRule(file);
    return { file: byRule, samplesPerRelation: SAMPLES_PER_RELATION, isOrdered: true };
  }
  const isOrdered = prompts.labelOrders?.[0] !== undefined;
  return { file: questionsByLabel(file, grouping), grouping, isOrdered };
}

/** Whether a file is read as AlignSAE's, field by field. */
function isUsual(prompts: PromptSettings, path: string): boolean {
  const { textField, template, idsField, labelFields = [], position, clusterField } = prompts;
  const looksAtFields = position?.kind === "field" || position?.kind === "at" ||
    position?.kind === "before";
  return !isTable(path, prompts) && !looksAtFields && labelFields.length === 0 &&
    [textField, template, idsField, clusterField].every((each) => each === undefined);
}

/**
 * The relations that there are, and the questions of them that are used.
 *
 * @param slotCount The number of slots of the SAEs; undefined if they have none.
 * @throws {InputError} If a relation has too few questions, or slots do not fit the labels.
 */
export function takeSample(
  { file, grouping, samplesPerRelation, isOrdered }: AskedQuestions,
  wish: QuestionWish,
  { slotCount, observer }: { slotCount: number | undefined; observer: Observer },
): { relations: readonly Relation[]; sample: QuestionSample } {
  const most = wish.samplesPerRelation ?? samplesPerRelation;
  if (grouping === undefined) {
    const all = listRelations(file.relationNames, slotCount);
    const relations = pickRelations(all, wish.relations);
    const wanted = { relations, relationCount: all.length, samplesPerRelation: most! };
    return { relations: all, sample: sampleQuestions(file, wanted) };
  }
  const { groups, field } = grouping;
  if (slotCount !== undefined && (slotCount !== groups.length || !isOrdered)) {
    const areAsMany = slotCount === groups.length;
    throw new InputError(
      areAsMany
        ? `the SAEs have a slot for each of ${slotCount} relations, and in which order ${field} ` +
          "names these, the file does not say: give all labels in the order of the slots"
        : `the SAEs have a slot for each of ${slotCount} relations, but ${file.path} has ` +
          `${groups.length} labels in ${field}: take a field with as many, or SAEs without slots`,
      { subject: { setting: areAsMany || isOrdered ? "labelOrder" : "labelFields" } },
    );
  }
  const relations = pickRelations(groups, wish.relations);
  return { relations: groups, sample: sampleLabelled(file, relations, most, observer) };
}
