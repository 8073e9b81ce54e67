/**
 * Llama Scope, by OpenMOSS: the SAEs of its release, `hyperparams.json` and
 * `checkpoints/final.safetensors`, and those of R1-Distill, `config.json` and
 * `sae_weights.safetensors`, of an older version of llamascopium.
 *
 * SAELens reads the same files differently. With s = sqrt(d) / norm and the lengths n of what
 * features add:
 *
 * |            | owner                                            | SAELens                       |
 * | ---------- | ------------------------------------------------ | ----------------------------- |
 * | release    | p = (x W + b / s) n, kept where p > threshold    | p = s x W + b, threshold s    |
 * | R1-Distill | p = s x W + b, kept where p n > exp(log)         | p = s x W + b, exp(log)       |
 *
 * In the owner's reading of the release lengths are those of the decoder as it decodes hidden states
 * of their own scale.
 *
 * Sources: https://arxiv.org/abs/2410.20526, https://github.com/OpenMOSS/Language-Model-SAEs at
 * b9326392 and b5c5bb22, `pretrained_sae_loaders.py` of SAELens.
 *
 * @module
 */
import type { SaeFormat } from "./format.ts";
import { areDistilled, openDistilled } from "./llama_scope_distilled.ts";
import { NAME } from "./llama_scope_parts.ts";
import { openReleased, releasedIn } from "./llama_scope_released.ts";

/** See the module. */
export const LLAMA_SCOPE: SaeFormat = {
  name: NAME,
  async recognizes(files) {
    return await releasedIn(files) !== undefined || await areDistilled(files);
  },
  async open(files, options) {
    const released = await releasedIn(files);
    return released === undefined
      ? await openDistilled(files, options)
      : await openReleased(files, released, options);
  },
};
