/**
 * Sites by the names that other libraries give them.
 *
 * @module
 */
import type { BlockPoint, Site } from "../../lm/site.ts";

/** The points of a block by their hooks in TransformerLens. */
const HOOKS: Readonly<Record<string, BlockPoint>> = {
  hook_resid_pre: "pre",
  hook_resid_mid: "mid",
  hook_resid_post: "post",
  hook_attn_out: "attn_out",
  hook_mlp_out: "mlp_out",
};

/**
 * The site of a hook of TransformerLens, such as `blocks.8.hook_resid_pre`; undefined for another
 * place, such as the inside of a block's attention.
 */
export function siteOfHook(name: string): Site | undefined {
  const [, block, hook = ""] = /^blocks\.(\d{1,3})\.(\w+)$/.exec(name) ?? [];
  if (block === undefined || !Object.hasOwn(HOOKS, hook)) return undefined;
  return { block: Number(block), point: HOOKS[hook]! };
}

/**
 * The site of a module of a Gemma of Hugging Face's, such as `model.layers.17.output`; undefined for
 * another place. What Gemma's blocks add is what comes out of the norms behind attention and MLP.
 */
export function siteOfGemmaModule(name: string): Site | undefined {
  const [, block, module = ""] = /^model\.layers\.(\d{1,3})\.(.+)$/.exec(name) ?? [];
  const points: Readonly<Record<string, BlockPoint>> = {
    "output": "post",
    "post_attention_layernorm.output": "attn_out",
    "post_feedforward_layernorm.output": "mlp_out",
  };
  if (block === undefined || !Object.hasOwn(points, module)) return undefined;
  return { block: Number(block), point: points[module]! };
}
