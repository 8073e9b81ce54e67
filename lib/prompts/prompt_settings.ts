/**
 * All that a user decides of prompts, and what follows from it: the prompts of a file, their tokens,
 * and their groups.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { groupByLabel, type Grouping } from "../questions/labels.ts";
import { LAST, type Occurrence, type Position, positionText } from "../questions/position.ts";
import { type PromptFile, readPrompts } from "../questions/prompt_file.ts";
import type { PromptFields } from "../questions/prompt_fields.ts";
import { QUESTION_TEMPLATE } from "../questions/prompt_template.ts";

/** What a user decides of prompts. */
export interface PromptSettings extends PromptFields {
  /** For each label field all labels in the order wanted. Default: that of appearance. */
  readonly labelOrders?: readonly (readonly string[])[] | undefined;
  /** Which tokens count. Default: the last. */
  readonly position?: Position | undefined;
  /** Of several occurrences of a position's text, which counts. Default: it is an error. */
  readonly occurrence?: Occurrence | undefined;
  /** Whether the beginning token goes before each prompt. Default: as the tokenizer does. */
  readonly prependBos?: boolean | undefined;
}

/** The prompts of a file, in their groups. */
export interface GroupedPrompts {
  /** The file. */
  readonly file: PromptFile;
  /** The groups by each of the label fields. */
  readonly groupings: readonly Grouping[];
}

/**
 * Reads prompts, and groups them by each of the label fields.
 *
 * @throws {InputError} If a line is malformed, or a label is missing or not among those of an order.
 */
export async function readGroupedPrompts(
  path: string,
  settings: PromptSettings,
  observer: Observer = SILENT,
): Promise<GroupedPrompts> {
  const { labelFields = [], labelOrders = [] } = settings;
  if (labelOrders.length > labelFields.length) {
    throw new UsageError(
      `there are ${labelOrders.length} orders of labels, but ` +
        `${labelFields.length} fields of labels`,
      { subject: { setting: "labelOrder" } },
    );
  }
  const file = await readPrompts(path, settings, observer);
  const groupings = labelFields.map((field, i) => {
    const lines = file.prompts.map(({ line, labels }) => ({ line, label: labels[i] }));
    return groupByLabel(lines, path, field, { order: labelOrders[i], observer });
  });
  return { file, groupings };
}

/** Settings as they are written beside what was made with them. */
export interface PromptSettingsRecord {
  /** The field that is the prompt; null if there is a template or ids. */
  text_field: string | null;
  /** The template; null if the prompt is a field or ids. */
  prompt_template: string | null;
  /** The field of the ids; null if the prompts are texts. */
  ids_field: string | null;
  /** The fields of the labels. */
  label_fields: string[];
  /** Which token counts. */
  position: string;
  /** Which occurrence of a position's text counts; null if there may be one alone. */
  occurrence: string | null;
  /** Whether the beginning token goes before each prompt; null if the tokenizer decides. */
  prepend_bos: boolean | null;
  /** What parts the cells of a table; null if the file is none. */
  delimiter: string | null;
}

/** What was decided, and what was the default. */
export function recordSettings(
  { textField, template, idsField, labelFields = [], position = LAST, occurrence, prependBos }:
    PromptSettings,
  { delimiter }: PromptFile,
): PromptSettingsRecord {
  const isText = idsField === undefined;
  const usual = textField === undefined ? QUESTION_TEMPLATE : null;
  return {
    text_field: textField ?? null,
    prompt_template: isText ? template ?? usual : null,
    ids_field: idsField ?? null,
    label_fields: [...labelFields],
    position: positionText(position),
    occurrence: occurrence ?? null,
    prepend_bos: prependBos ?? null,
    delimiter: delimiter ?? null,
  };
}
