/**
 * Sites by the names that other libraries give them.
 *
 * @module
 */
import type { BlockPoint, Site } from "../../lm/site.ts";

/** The points of a block by their hooks in TransformerLens, those of version 3 last. */
const HOOKS: Readonly<Record<string, BlockPoint>> = {
  hook_resid_pre: "pre",
  hook_resid_mid: "mid",
  hook_resid_post: "post",
  hook_attn_out: "attn_out",
  hook_mlp_out: "mlp_out",
  hook_in: "pre",
  hook_out: "post",
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
 * The site of a hook of SAELens: of TransformerLens or, where it runs a model of Hugging Face's, a
 * module, whose output it reads. Of modules it knows whole blocks alone (`model.layers.5`): what their
 * parts give is not in all models what is added.
 */
export function siteOfSaelensHook(name: string): Site | undefined {
  const module = moduleOutput(name)?.site;
  return siteOfHook(name) ?? (module?.point === "post" ? module : undefined);
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

/** A module of a language model, by its path in Hugging Face's code. */
export interface ModuleOutput {
  /** The site of what it gives; undefined for a place that coact does not read. */
  readonly site: Site | undefined;
  /** The site of what it takes: that of a whole block alone, for within one a norm comes before. */
  readonly input: Site | undefined;
  /** What it is, in words: `block 3's mlp`. */
  readonly words: string;
}

/**
 * A module such as `layers.10`, `h.3.mlp` or `embed_tokens`, with or without the names of what it is
 * part of before it; undefined for another name.
 */
export function moduleOutput(name: string): ModuleOutput | undefined {
  const path = name.replace(/^(?:(?:model|transformer|gpt_neox|language_model)\.)+/, "");
  if (path === "embed_tokens" || path === "embed_in") {
    return { site: { block: 0, point: "pre" }, input: undefined, words: "the token embedding" };
  }
  const [, digits, part] = /^(?:layers|h|blocks)\.(\d{1,3})(?:\.([\w.]+))?$/.exec(path) ?? [];
  if (digits === undefined) return undefined;
  const block = Number(digits);
  if (part === undefined) {
    return {
      site: { block, point: "post" },
      input: { block, point: "pre" },
      words: `block ${block}`,
    };
  }
  const points: Readonly<Record<string, BlockPoint>> = {
    mlp: "mlp_out",
    attn: "attn_out",
    self_attn: "attn_out",
    attention: "attn_out",
  };
  const point = Object.hasOwn(points, part) ? points[part] : undefined;
  return {
    site: point && { block, point },
    input: undefined,
    words: `block ${block}'s ${part}`,
  };
}

/** How folders name layers: `blocks.8.hook_resid_pre`, `layer_8`, `layers.8`, `L8R`. */
const FOLDER_LAYER =
  /^(?:.*_)?blocks\.(\d{1,3})\.|^(?:.*[_-])?layers?[._]?(\d{1,3})(?:[._-]|$)|(?:^|-)L(\d{1,3})(?:R|A|M|TC)(?:-|$)/;

/**
 * What a user is told if the nearest folder that names a layer names another one than the hook that
 * an SAE says it reads.
 *
 * @param folders The folders that it lies in, the nearest first.
 * @param hook The hook: `blocks.8.hook_resid_pre`.
 */
export function layerNotes(folders: readonly string[], hook: string | undefined): string[] {
  const [, block] = /^blocks\.(\d{1,3})\./.exec(hook ?? "") ?? [];
  if (block === undefined) return [];
  for (const folder of folders) {
    const said = FOLDER_LAYER.exec(folder)?.slice(1).find((digits) => digits !== undefined);
    if (said === undefined) continue;
    return Number(said) === Number(block) ? [] : [
      `its path says layer ${Number(said)} (${folder}), but its configuration ${hook}; the ` +
      "configuration counts",
    ];
  }
  return [];
}
