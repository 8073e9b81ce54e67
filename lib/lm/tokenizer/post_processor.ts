/**
 * Adds tokens before and behind those of the text, as `tokenizer(prompt)` does.
 *
 * Source: https://github.com/huggingface/tokenizers, processors
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { PostProcessorStep } from "./components.ts";

/** The ids that surround those of a text. */
export interface Surroundings {
  /** What goes before. */
  readonly before: readonly number[];
  /** What goes behind. */
  readonly after: readonly number[];
}

/**
 * What all of the steps add.
 *
 * @param path What to call the file in messages.
 * @throws {InputError} If a template does not have the text once, or a token that it does not
 * define, or if two steps add tokens.
 */
export function readSurroundings(steps: readonly PostProcessorStep[], path: string): Surroundings {
  const adding = steps.filter(({ type }) => type !== "ByteLevel");
  if (adding.length > 1) {
    throw new InputError(`${path}: post_processor: of its steps, ${adding.length} add tokens`);
  }
  const step = adding[0];
  if (step === undefined || step.type === "ByteLevel") return { before: [], after: [] };
  if (step.type !== "TemplateProcessing") return { before: [step.cls[1]], after: [step.sep[1]] };
  const ids = step.single.map((piece) => {
    if ("Sequence" in piece) return piece.Sequence.id;
    const { id } = piece.SpecialToken;
    const token = Object.hasOwn(step.special_tokens, id) ? step.special_tokens[id] : undefined;
    if (token !== undefined) return token.ids;
    throw new InputError(`${path}: post_processor: its special_tokens lack ${JSON.stringify(id)}`);
  });
  const at = ids.indexOf("A");
  const isToken = (id: string | number[]) => typeof id !== "string";
  if (at === -1 || ids.filter(isToken).length !== ids.length - 1) {
    throw new InputError(`${path}: post_processor.single: expected Sequence A once, and no B`);
  }
  const [before, after] = [ids.slice(0, at), ids.slice(at + 1)].map((part) =>
    part.filter(isToken).flat()
  );
  return { before, after } as Surroundings;
}
