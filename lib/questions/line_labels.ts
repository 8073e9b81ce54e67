/**
 * What a line says of its prompt besides the text: its labels, and the clusters that it is in.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type Fields, type PromptLine, type Scalar, scalarOf } from "./fields.ts";
import type { PromptFields } from "./prompt_fields.ts";

/** The field that says whose a prompt is, where no other is named and it is there. */
export const USUAL_CLUSTER_FIELD = "person_id";

/** The clusters that a prompt is in. */
export interface Clusters {
  /** Whose it is, for statistics by cluster. */
  readonly person?: string | undefined;
  /** Which wording it has. */
  readonly wording?: string | undefined;
}

/**
 * What each of the label fields says; undefined where it says nothing.
 *
 * @throws {InputError} If a label is no text or number; the line is named.
 */
export function labelsOf(
  { line, fields }: PromptLine,
  { labelFields = [] }: PromptFields,
  path: string,
): (Scalar | undefined)[] {
  return labelFields.map((name) => {
    const label = scalarOf(fields.get(name), `${path}:${line}: the label ${name}`);
    return label?.text === "" ? undefined : label; // a table has no other way to say nothing
  });
}

/**
 * Whether a line is kept: one without any label may be left out, if that was asked for.
 *
 * @throws {InputError} If a label is missing that has to be there; the line is named.
 */
export function isKept(
  labels: readonly (Scalar | undefined)[],
  { path, line: { line, fields }, options: { labelFields = [], skipUnlabelled = false } }: {
    path: string;
    line: PromptLine;
    options: PromptFields;
  },
): boolean {
  const missing = labels.indexOf(undefined);
  if (missing === -1) return true;
  if (skipUnlabelled) return labels.some((label) => label !== undefined);
  const name = labelFields[missing]!;
  const value = fields.get(name);
  const what = value === undefined ? "is missing" : value === null ? "is null" : "is empty";
  throw new InputError(`${path}:${line}: the label ${name} ${what}`, {
    advice: { kind: "skip_unlabelled" },
  });
}

/**
 * Whose a prompt is, and which wording it has: what AlignSAE's files say, or another field.
 *
 * @throws {InputError} If a field of clusters was named, and says nothing.
 */
export function clustersOf(
  fields: Fields,
  { clusterField }: PromptFields,
  where: string,
): Clusters {
  const person = clusterField === undefined
    ? textIfAny(fields.get(USUAL_CLUSTER_FIELD))
    : notBlank(scalarOf(fields.get(clusterField), `${where}: the field ${clusterField}`)?.text);
  if (clusterField !== undefined && person === undefined) {
    throw new InputError(`${where}: the field ${clusterField} is missing, null or empty`);
  }
  return { person, wording: textIfAny(fields.get("template_idx")) };
}

/** What a field says that is not asked for: nothing, if it is no text or number. */
function textIfAny(value: unknown): string | undefined {
  try {
    return notBlank(scalarOf(value, "")?.text);
  } catch {
    return undefined;
  }
}

/** A blank says nothing: a table has no other way to. */
function notBlank(text: string | undefined): string | undefined {
  return text?.trim() === "" ? undefined : text;
}
