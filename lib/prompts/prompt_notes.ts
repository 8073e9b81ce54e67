/**
 * What a user is told of prompts that have become tokens.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import type { Prompt } from "../questions/prompt_file.ts";
import { addedBeginning } from "./beginning_token.ts";
import type { EncodedPrompt } from "./encoded_prompt.ts";
import type { Tokenizer } from "../lm/tokenizer.ts";

/** Of which files it is told, and who is. */
export interface NoteOptions {
  /** The directory of the model. */
  readonly directory: string;
  /** The file of the prompts. */
  readonly path: string;
  /** Who is told. */
  readonly observer: Observer;
}

/**
 * Warns where a text holds the token already that goes before it: the library does not look, either.
 *
 * @param options.isOwn Whether the tokenizer's files say that it adds it; otherwise the user does.
 */
export function warnOfSecondBeginning(
  encoded: readonly EncodedPrompt[],
  tokenizer: Tokenizer,
  { path, observer, directory, isOwn }: NoteOptions & { readonly isOwn: boolean },
): void {
  const added = addedBeginning(tokenizer);
  if (added === undefined) return;
  const at = tokenizer.surroundings.before.length;
  const twice = encoded.filter(({ ids }) => ids[at] === added);
  const [first] = twice;
  if (first === undefined) return;
  const which = twice.length === 1
    ? `the prompt of line ${first.line} begins`
    : `${twice.length} prompts begin, the first on line ${first.line},`;
  const again = isOwn
    ? `the tokenizer of ${directory} adds it once more`
    : "one more is put before every prompt, as was asked";
  observer.warn(
    `${path}: ${which} with the beginning token ${tokenizer.tokenOf(added)}, and ${again}: it is ` +
      "there twice",
    { kind: "decide_beginning" },
  );
}

/** Says where the library may be of another opinion than `tokenizer.json`, which the ids follow. */
export function noteDeviation(
  prompts: readonly Prompt[],
  { deviation }: Tokenizer,
  { path, observer }: NoteOptions,
): void {
  if (deviation === undefined) return;
  const first = prompts.find(({ text }) => text !== undefined && deviation.concerns(text));
  if (first === undefined) return;
  observer.note(
    `${path}: transformers 5 may give other ids, from line ${first.line} on: ${deviation.what}, ` +
      "which tokenizer.json does not say; the ids are those that tokenizer.json says",
  );
}

/** Says which tokens pooling leaves out. */
export function notePooled(tokenizer: Tokenizer, observer: Observer): void {
  const { before, after } = tokenizer.surroundings;
  const names = [...before, ...after].map((id) => tokenizer.tokenOf(id) ?? String(id));
  observer.note(
    names.length === 0
      ? "pooling takes all tokens of each prompt: none is added to it"
      : `pooling leaves out what is added to each prompt: ${names.join(", ")}`,
  );
}
