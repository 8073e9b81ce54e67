/**
 * Which fields of a file's lines make a prompt.
 *
 * @module
 */
import type { LineFormat } from "./prompt_lines.ts";

/** How prompts are made of lines. */
export interface PromptFields extends LineFormat {
  /** The field that is the prompt, unless there is a template. */
  readonly textField?: string | undefined;
  /** The prompt, with fields in braces. Default: `Q: {question}\nA:`, or the text field alone. */
  readonly template?: string | undefined;
  /** The field that holds token ids, in the place of a text. */
  readonly idsField?: string | undefined;
  /** The fields that hold labels. Default: none. */
  readonly labelFields?: readonly string[] | undefined;
  /** Whether lines without any label are left out, rather than refused. Default: refused. */
  readonly skipUnlabelled?: boolean | undefined;
  /** The field that says whose a prompt is. Default: `person_id`, where it is there. */
  readonly clusterField?: string | undefined;
}
