/**
 * What a layer is, in words: said wherever a layer is named for a reader.
 *
 * @module
 */

import type { Decoder } from "./decoder.ts";
import type { Site } from "./site.ts";

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

/** The convention in one sentence, where results of other sites stand beside those of layers. */
export const SITE_CONVENTION: string =
  "a site is where a state is read, at the prompt's last token if no other position was asked for; " +
  "blocks are counted from 0: pre L is the input of block L, hidden_states[L] of the Hugging Face " +
  "model; attn_out L is what its attention adds, mid L the residual stream between attention and " +
  "MLP, mlp_out L what its MLP adds, post L its output; final is the state after the final norm. A " +
  "number L is the layer pre L";

/** What a model's final norm is called: a LayerNorm has a bias, an RMS norm has none. */
export function finalNormText({ finalNorm }: Pick<Decoder, "finalNorm">): string {
  const hasBias = [...finalNorm.weights.keys()].some((name) => name.endsWith(".bias"));
  return hasBias ? "final LayerNorm" : "final norm";
}

/**
 * What a site is, in words.
 *
 * @param model The model's number of blocks, what it calls its final norm, and whether the state is that
 * of the last token of prompts that end alike (it is, unless that is said).
 */
export function describeSite(
  site: Site,
  { blockCount, finalNorm, isLastToken }: {
    blockCount: number;
    finalNorm?: string | undefined;
    isLastToken?: boolean | undefined;
  },
): string {
  if (site.point === "final") return describeLayer(blockCount, blockCount, finalNorm);
  const { block, point } = site;
  switch (point) {
    case "pre":
      return describeLayer(block, blockCount, finalNorm, isLastToken);
    case "attn_out":
      return `what the attention of block ${block} adds to the residual stream`;
    case "mid":
      return `the residual stream between attention and MLP of block ${block}`;
    case "mlp_out":
      return `what the MLP of block ${block} adds to the residual stream`;
    case "post":
      return block === blockCount - 1
        ? `the output of block ${block}, the last one, before the final norm, which is in no ` +
          "hidden_states"
        : `the output of block ${block}: hidden_states[${block + 1}]`;
  }
}

/**
 * What a layer is.
 *
 * @param layer The layer, from 0.
 * @param blockCount How many blocks the model has; layer `blockCount` is its last.
 * @param finalNorm What the norm after the last block is called. Default: `final LayerNorm`.
 * @param isLastToken Whether the state is that of the last token of prompts that end alike. Default: it
 * is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { describeLayer } from "@coact/coact";
 *
 * assert.equal(describeLayer(12, 12), "hidden_states[12], the state after the final LayerNorm");
 * ```
 */
export function describeLayer(
  layer: number,
  blockCount: number,
  finalNorm: string = "final LayerNorm",
  isLastToken: boolean = true,
): string {
  if (layer === 0 && !isLastToken) return "hidden_states[0], the embedding of the token";
  if (layer === 0) {
    return "hidden_states[0], the embedding of the last token: it differs between questions only " +
      "by the length of the prompt";
  }
  if (layer === blockCount) {
    return `hidden_states[${layer}], the state after the ${finalNorm}`;
  }
  return `hidden_states[${layer}], the residual stream after ${layer} of ${blockCount} blocks, ` +
    `which is the input of block ${layer}`;
}
