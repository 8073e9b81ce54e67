/**
 * The options that say how prompts are made of a file's lines, and where in them a state is read.
 *
 * @module
 */
import { z } from "zod";
import type { PromptSettings } from "../prompts/prompt_settings.ts";
import { DELIMITERS } from "../questions/csv.ts";
import { LAST, parsePosition, type Position } from "../questions/position.ts";
import type { Option, Values } from "./command.ts";
import { switchOption } from "./options.ts";

/** The options of every command that makes prompts of a file. */
export const PROMPT_OPTIONS: {
  readonly text_field: Option<string | undefined>;
  readonly prompt_template: Option<string | undefined>;
  readonly ids_field: Option<string | undefined>;
  readonly label_field: Option<string[] | undefined>;
  readonly label_order: Option<string[][] | undefined>;
  readonly skip_unlabelled: Option<boolean>;
  readonly position: Option<Position>;
  readonly occurrence: Option<"first" | "last" | undefined>;
  readonly prepend_bos: Option<boolean | undefined>;
  readonly delimiter: Option<string | undefined>;
} = {
  text_field: textOption("NAME", "the field that is the prompt (default: question, as a question)"),
  prompt_template: textOption(
    "TEXT",
    "the prompt, with fields of the line in braces (default: the text field alone)",
  ),
  ids_field: textOption("NAME", "the field that holds token ids, in the place of a text"),
  label_field: {
    placeholder: "NAME",
    about: "the field whose values are the groups; may be given several times",
    repeats: true,
    schema: z.array(z.string().min(1, "expected the name of a field")).optional()
      .refine(
        (names) => new Set(names).size === (names?.length ?? 0),
        "the same field is named twice",
      ),
  },
  label_order: {
    placeholder: "LIST",
    about: "all labels in the order wanted, for each label field in turn (default: as they appear)",
    repeats: true,
    schema: z.array(z.string()).transform((lists) => lists.map(labelsIn)).optional(),
  },
  skip_unlabelled: switchOption("leave lines out that have no label, instead of failing"),
  position: {
    placeholder: "WHERE",
    about: "the token whose state is read: last, a number (from 0, or negative from the end), " +
      "field:NAME, at:TEXT or before:TEXT; or all of them pooled: mean, max or any",
    default: "last",
    schema: z.string().transform((text, context) => {
      const position = parsePosition(text);
      if (position !== undefined) return position;
      context.addIssue({
        code: "custom",
        message: "expected last, a number, field:NAME, at:TEXT, before:TEXT, mean, max or any",
      });
      return z.NEVER;
    }),
  },
  occurrence: {
    placeholder: "first|last",
    values: ["first", "last"],
    about: "which one counts where the text of the position occurs several times (default: none)",
    schema: z.enum(["first", "last"], { error: "expected first or last" }).optional(),
  },
  prepend_bos: {
    placeholder: "yes|no",
    values: ["yes", "no"],
    about: "whether the beginning token goes before every prompt (default: as the tokenizer does)",
    schema: z.enum(["yes", "no"], { error: "expected yes or no" })
      .transform((text) => text === "yes").optional(),
  },
  delimiter: {
    placeholder: "CHARACTER",
    about: "what parts the cells of a CSV file: a character, or comma, semicolon or tab " +
      "(default: as the header shows)",
    schema: z.string().transform((text, context) => {
      const character = Object.hasOwn(DELIMITERS, text)
        ? DELIMITERS[text]!
        : text === "\\t"
        ? "\t"
        : text;
      if (character.length === 1 && !'"\r\n'.includes(character)) return character;
      context.addIssue({
        code: "custom",
        message: "expected one character, or comma, semicolon or tab",
      });
      return z.NEVER;
    }).optional(),
  },
};

/** The values of {@linkcode PROMPT_OPTIONS}. */
export type PromptValues = Values<typeof PROMPT_OPTIONS>;

/** What the options come to, in the library's words. */
export function promptSettings(values: PromptValues): PromptSettings {
  return {
    textField: values.text_field,
    template: values.prompt_template,
    idsField: values.ids_field,
    labelFields: values.label_field,
    labelOrders: values.label_order,
    skipUnlabelled: values.skip_unlabelled,
    position: values.position ?? LAST,
    occurrence: values.occurrence,
    prependBos: values.prepend_bos,
    delimiter: values.delimiter,
  };
}

/** Any text but an empty one. */
function textOption(placeholder: string, about: string): Option<string | undefined> {
  return { placeholder, about, schema: z.string().min(1, "expected a text").optional() };
}

/** The labels of a list: parted by commas, in quotation marks those that hold one. */
function labelsIn(list: string): string[] {
  return Array.from(
    list.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*(?:,|$)/g),
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  ).filter((label) => label !== "");
}
