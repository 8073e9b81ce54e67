/**
 * What an analysis amounts to, so that the device can be chosen that is faster for it.
 *
 * @module
 */
import type { Work } from "../compute/faster_device.ts";
import type { DecoderModel } from "./language_model.ts";
import type { Site } from "./site.ts";
import { weightShapes } from "./decoder_depth.ts";
import { elementCount } from "../tensors/stored_tensor.ts";

/** What an analysis or a pass over a model computes, as far as its work hangs on it: a plan is one. */
export interface PlannedWork {
  /** The language model. */
  readonly model: Pick<DecoderModel, "decoder">;
  /** The last site that a forward pass comes to. */
  readonly deepest: Site;
  /** The token ids of each prompt. */
  readonly prompts: readonly (readonly number[])[];
  /** The tokens of each prompt that are encoded one by one. Default: one of each is. */
  readonly pooled?: { readonly tokens: readonly (readonly number[])[] } | undefined;
  /** The SAEs, by their sizes. */
  readonly checkpoints: readonly {
    readonly shape: { readonly width: number; readonly featureCount: number };
  }[];
}

/**
 * The products of matrices in an analysis, two operations for each product and its sum: those of the
 * blocks up to the deepest site, for every token, and those of the SAEs' encoders, for each state. What prompts have
 * in common, which is computed once, and attention are left out: they are a third less and a tenth
 * more.
 *
 * @example
 * ```ts
 * import { openDevice, planAnalysis, workOf } from "@coact/coact";
 *
 * const plan = await planAnalysis({
 *   lmModel: "demo/lm",
 *   saeDirectory: "demo/sae",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   layers: [6],
 *   samplesPerRelation: 5,
 *   threshold: 0.1,
 * });
 * using device = await openDevice("auto", workOf(plan));
 * console.log(device.kind, "for", workOf(plan).operations / 1e9, "GFLOP");
 * ```
 */
export function workOf(
  { model: { decoder }, deepest, prompts, pooled, checkpoints }: PlannedWork,
): Work {
  const embedded = decoder.embedding.weights; // looked up, not multiplied
  const products = [...weightShapes(decoder, [deepest])]
    .filter(([name, shape]) => shape.length === 2 && !embedded.has(name))
    .reduce((sum, [, shape]) => sum + elementCount(shape), 0);
  const tokens = prompts.reduce((sum, { length }) => sum + length, 0);
  const encoders = checkpoints.reduce(
    (sum, { shape }) => sum + shape.width * shape.featureCount,
    0,
  );
  const states = pooled?.tokens.reduce((sum, { length }) => sum + length, 0) ?? prompts.length;
  return { operations: 2 * (tokens * products + states * encoders) };
}
