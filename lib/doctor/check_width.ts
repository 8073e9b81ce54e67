/**
 * Whether an SAE and a language model belong together, as far as the width of the states says it.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { DecoderModel } from "../lm/language_model.ts";

/**
 * Makes sure that an SAE takes the hidden states that a model gives.
 *
 * @throws {InputError} If they are of different widths.
 */
export function checkWidth(
  { path, shape }: { readonly path: string; readonly shape: { readonly width: number } },
  { directory, config }: DecoderModel,
): void {
  if (shape.width === config.n_embd) return;
  const width = config.model_type === "gpt2"
    ? `n_embd ${config.n_embd}`
    : `hidden_size ${config.n_embd}`;
  throw new InputError(
    `${path} takes hidden states of width ${shape.width}, but the model ${directory} has ` +
      `${width}: they do not belong together`,
  );
}
