/**
 * The template that prompts are made by, as the user says it.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import type { Observer } from "../base/observer.ts";
import type { PromptFields } from "./prompt_fields.ts";
import { fieldsOf, parseTemplate, type Template } from "./template.ts";

/** The default template: how AlignSAE asks. */
export const QUESTION_TEMPLATE = "Q: {question}\nA:";

/**
 * The template; undefined where ids stand in the place of a text.
 *
 * @param observer Warned of what looks like a slip.
 * @throws {UsageError} If the prompts are said to be both texts and ids.
 */
export function templateOf(
  { textField, template, idsField }: PromptFields,
  observer: Observer,
): Template | undefined {
  if (idsField !== undefined) {
    const other = template !== undefined ? "promptTemplate" : "textField";
    if ((template ?? textField) === undefined) return undefined;
    throw new UsageError("the prompts are either texts or ids, not both", {
      subject: { setting: other },
    });
  }
  if (template === undefined) {
    return textField === undefined ? parseTemplate(QUESTION_TEMPLATE) : [{ field: textField }];
  }
  const parsed = parseTemplate(template);
  if (textField !== undefined && !fieldsOf(parsed).includes(textField)) {
    observer.warn(`the template of the prompts does not name the field of the text, ${textField}`);
  }
  if (/\\[nrt]/.test(template)) {
    observer.warn(
      "the template of the prompts holds a backslash and a letter, which stay as they are; for a " +
        "line end, type one within the quotation marks",
    );
  }
  return parsed;
}
