/**
 * What a layer is, in words: said wherever a layer is named for a reader.
 *
 * @module
 */

/**
 * The convention in one sentence.
 *
 * @example
 * ```ts
 * import { LAYER_CONVENTION } from "@coact/coact";
 *
 * console.log(LAYER_CONVENTION);
 * ```
 */
export const LAYER_CONVENTION: string =
  "layer L is hidden_states[L] of the Hugging Face model at the prompt's last token: the input of " +
  "block L, counted from 0. Layer 0 is the embedding of that token. The layer after the last " +
  "block's, 12 of a model of 12 blocks, is the state after the final LayerNorm";

/**
 * What a layer is.
 *
 * @param layer The layer, from 0.
 * @param blockCount How many blocks the model has; layer `blockCount` is its last.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeLayer } from "@coact/coact";
 *
 * assert.equal(describeLayer(12, 12), "hidden_states[12], the state after the final LayerNorm");
 * ```
 */
export function describeLayer(layer: number, blockCount: number): string {
  if (layer === 0) {
    return "hidden_states[0], the embedding of the last token: it differs between questions only " +
      "by the length of the prompt";
  }
  if (layer === blockCount) {
    return `hidden_states[${layer}], the state after the final LayerNorm`;
  }
  return `hidden_states[${layer}], the residual stream after ${layer} of ${blockCount} blocks, ` +
    `which is the input of block ${layer}`;
}
