/**
 * What both kinds of Llama Scope's SAEs have in common.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { SaeFiles } from "./sae_files.ts";
import type { SaeOptions } from "./format.ts";
import { layerNotes } from "./hook_site.ts";
import { type OpenmossNames, openmossUnread } from "./openmoss.ts";
import type { OpenmossConfig } from "./openmoss_config.ts";

/** What the format is called. */
export const NAME = "Llama Scope";

/** Whether the decoder's lengths count, as they do where a configuration says nothing of them. */
export function includesLengths({ sparsity_include_decoder_norm }: OpenmossConfig): boolean {
  return sparsity_include_decoder_norm ?? true;
}

/**
 * Makes sure that the formula is that of the format.
 *
 * @param source The file that says it.
 * @throws {InputError} If it is another one.
 */
export function checkJumpRelu(
  path: string,
  { act_fn = "relu", norm_activation }: OpenmossConfig,
  source: string,
): void {
  if (act_fn !== "jumprelu") {
    throw new InputError(`${path}: ${source} says act_fn ${act_fn}, expected jumprelu`);
  }
  if (norm_activation === "dataset-wise") return;
  throw new InputError(
    `${path}: ${source} says norm_activation ${norm_activation}, expected dataset-wise`,
  );
}

/** What a user is told of an SAE: which reading was followed, its layer, and what nobody reads. */
export function notesOf(
  { files, options, tensors }: { files: SaeFiles; options: SaeOptions; tensors: TensorFile },
  config: OpenmossConfig,
  { names, others }: { names: OpenmossNames; others: readonly string[] },
): string[] {
  return [
    noteOnReading(options, includesLengths(config)),
    ...layerNotes(files.folders, config.hook_point_in),
    ...openmossUnread(tensors, names, others),
  ];
}

/** What a user is told of the two readings. */
function noteOnReading({ reading = "owner" }: SaeOptions, countsLengths: boolean): string {
  const lengths = countsLengths ? " with the lengths of the decoder's directions," : "";
  return reading === "owner"
    ? `it is read as its owner does,${lengths} and in the owner's units; SAELens reads such files ` +
      "without those lengths and scales its input and threshold, which gives other features"
    : "it is read as SAELens does, as was asked for; its owner's reading gives other features";
}
