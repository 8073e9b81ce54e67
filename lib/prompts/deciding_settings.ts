/**
 * What of a user's settings decides anything. Results are told from others by what their settings come to,
 * not by how these were said: what holds by default anyway is as good as not said.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import type { Tokenizer } from "../lm/tokenizer.ts";
import { USUAL_CLUSTER_FIELD } from "../questions/line_labels.ts";
import { occurrencesOf, soughtText } from "../questions/position.ts";
import type { Question, QuestionFile } from "../questions/question_file.ts";
import { QUESTION_TEMPLATE } from "../questions/prompt_template.ts";
import { parseTemplate } from "../questions/template.ts";
import { addedBeginning } from "./beginning_token.ts";
import type { PromptSettings } from "./prompt_settings.ts";

/** What settings were applied to. */
export interface SettingsApplied {
  /** The file of the prompts. */
  readonly file: Pick<QuestionFile, "path" | "ownDelimiter">;
  /** The questions that are used. */
  readonly questions: readonly Question[];
  /** The model's tokenizer; undefined where prompts are token ids. */
  readonly tokenizer?: Tokenizer | undefined;
}

/**
 * The settings without those that change nothing: the value that holds by default, and what another
 * setting overrules.
 */
export function decidingSettings(
  settings: PromptSettings,
  { file, questions, tokenizer }: SettingsApplied,
): PromptSettings {
  const { prependBos, delimiter, clusterField, occurrence } = settings;
  const addsBeginning = tokenizer !== undefined && addedBeginning(tokenizer) !== undefined;
  return {
    ...settings,
    ...decidingText(settings),
    prependBos: prependBos === addsBeginning ? undefined : prependBos,
    delimiter: delimiter === file.ownDelimiter ? undefined : delimiter,
    clusterField: clusterField === USUAL_CLUSTER_FIELD ? undefined : clusterField,
    occurrence: choosesOccurrence(settings, questions, file.path) ? occurrence : undefined,
  };
}

/** A template that is a field alone is that field, and a field beside a template makes no prompt. */
function decidingText(
  { textField, template }: PromptSettings,
): Required<Pick<PromptSettings, "textField" | "template">> {
  const none = { textField: undefined, template: undefined };
  if (template === undefined) return { ...none, textField };
  const parts = parseTemplate(template);
  if (isDeepStrictEqual(parts, parseTemplate(QUESTION_TEMPLATE))) return none;
  const [only, other] = parts;
  const isField = typeof only === "object" && other === undefined;
  return isField ? { ...none, textField: only.field } : { ...none, template };
}

/** Whether any prompt that is used holds the position's text several times, so that one is chosen. */
function choosesOccurrence(
  { position, occurrence }: PromptSettings,
  questions: readonly Question[],
  path: string,
): boolean {
  if (occurrence === undefined || (position?.kind !== "at" && position?.kind !== "before")) {
    return false;
  }
  return questions.some(({ prompt, line }) => {
    if (prompt?.text === undefined) return false;
    const sought = soughtText(position, prompt.fields, `${path}:${line}`);
    return occurrencesOf(sought, prompt.text).length > 1;
  });
}
