/**
 * Where an SAE of Gemma Scope reads.
 *
 * The files of the first Gemma Scope are alike in all of its repositories; only the names of these
 * say what the SAEs read: the residual stream behind a block (`gemma-scope-2b-pt-res`), what its MLP
 * adds (`…-mlp`), the outputs of its attention heads, one after the other (`…-att`), or, as
 * transcoders, the normalised input of its MLP (`…-transcoders`). Those of the second have a
 * configuration that says it.
 *
 * @module
 */
import type { Site } from "../../lm/site.ts";
import { siteOfGemmaModule } from "./hook_site.ts";

/** Where it reads, and what it gives. */
export interface GemmaPlace {
  /** Undefined where coact has no such site, or nothing says which it is. */
  readonly site: Site | undefined;
  /** The same in words. */
  readonly siteInWords: string | undefined;
  /** Of embeddings before Gemma multiplies them with sqrt(d). */
  readonly isEmbedding: boolean;
  /** Of the outputs of attention heads. */
  readonly takesHeads: boolean;
  /** Where a transcoder's prediction belongs; undefined of an SAE. */
  readonly predicts: { site: Site | undefined; siteInWords: string | undefined } | undefined;
  /** How many features the name of its folder says to be active on average. */
  readonly l0: number | undefined;
  /** What a user should know. */
  readonly notes: readonly string[];
}

type Kind = "res" | "mlp" | "att" | "transcoders";

/** The last parts of the names of repositories, as they are and as people write them. */
const KINDS: Readonly<Record<string, Kind>> = {
  res: "res",
  mlp: "mlp",
  att: "att",
  transcoder: "transcoders",
  transcoders: "transcoders",
};
/** Widths that the heads of a Gemma 2 have together, and its residual stream never has. */
const HEADS_WIDTHS = [2048, 4096];

/**
 * The place by the names of the folders, the nearest first.
 *
 * @param width How wide the states are that it takes.
 */
export function placeByFolders(folders: readonly string[], width: number): GemmaPlace {
  const l0 = first(folders, (name) => /^average_l0_(\d{1,6})$/.exec(name)?.[1]);
  const layer = first(folders, (name) => /^layer_(\d{1,3})$|^embedding$/.exec(name)?.[0]);
  const base = {
    site: undefined,
    siteInWords: undefined,
    isEmbedding: layer === "embedding",
    takesHeads: false,
    predicts: undefined,
    l0: l0 === undefined ? undefined : Number(l0),
    notes: [],
  };
  if (layer === "embedding") {
    return { ...base, site: { block: 0, point: "pre" }, siteInWords: "embedding" };
  }
  const said = first(folders, kindIn);
  const kind = said ?? (HEADS_WIDTHS.includes(width) ? "att" : undefined);
  const taken = { ...base, takesHeads: kind === "att" };
  if (layer === undefined) {
    return { ...taken, notes: ["no folder in its path says of which layer it is (layer_12)"] };
  }
  const block = Number(layer.slice("layer_".length));
  if (kind === undefined) {
    const notes = [
      "nothing in its path says which of Gemma Scope's repositories it is of, as a folder " +
      `gemma-scope-2b-pt-res would: it may read post ${block} (-res), mlp_out ${block} (-mlp) or ` +
      `the normalised input of the MLP of block ${block} (-transcoders)`,
    ];
    return { ...taken, siteInWords: `layer_${block}`, notes };
  }
  const words: Record<Kind, string> = {
    res: `layer_${block}, res`,
    mlp: `layer_${block}, mlp`,
    att: `layer_${block}, att: outputs of the attention heads, one after the other (hook_z)`,
    transcoders: `layer_${block}, transcoders: normalised input of the MLP (ln2.hook_normalized)`,
  };
  const output: Site = { block, point: "mlp_out" };
  const sites: Partial<Record<Kind, Site>> = { res: { block, point: "post" }, mlp: output };
  return {
    ...taken,
    site: sites[kind],
    siteInWords: words[kind],
    predicts: kind === "transcoders"
      ? { site: output, siteInWords: `what the MLP of block ${block} adds` }
      : undefined,
    notes: said === undefined
      ? [
        "nothing in its path says which of Gemma Scope's repositories it is of; it is as wide as " +
        "the attention heads of a Gemma 2 together, and taken for one of them (-att)",
      ]
      : [],
  };
}

/** What the second's configuration says of the place. */
export interface GemmaHooks {
  /** Where it reads: `model.layers.17.output`. */
  readonly hf_hook_point_in: string;
  /** Where what it gives belongs. */
  readonly hf_hook_point_out?: string | null | undefined;
  /** `sae`, `transcoder` and so on. */
  readonly type?: string | undefined;
  /** How many features are active on average. */
  readonly l0?: number | null | undefined;
}

/** The place by the configuration of the second Gemma Scope. */
export function placeByConfig(
  folders: readonly string[],
  { hf_hook_point_in: input, hf_hook_point_out: output, type, l0 }: GemmaHooks,
): GemmaPlace {
  const [, said] = /^model\.layers\.(\d{1,3})\./.exec(input) ?? [];
  const named = first(folders, (name) => /^layer_(\d{1,3})(?:_|$)/.exec(name)?.[1]);
  const isTranscoder = type === undefined ? (output ?? input) !== input : type !== "sae";
  return {
    site: siteOfGemmaModule(input),
    siteInWords: input,
    isEmbedding: false,
    takesHeads: input.endsWith(".self_attn.o_proj.input"),
    predicts: isTranscoder
      ? { site: siteOfGemmaModule(output ?? ""), siteInWords: output ?? undefined }
      : undefined,
    l0: l0 ?? undefined,
    notes: said === undefined || named === undefined || Number(said) === Number(named) ? [] : [
      `its folder says layer ${Number(named)}, but config.json says hf_hook_point_in ${input}; ` +
      "config.json counts",
    ],
  };
}

/** Which repository a folder's name says: one of the kinds, or the name of Gemma Scope with one. */
function kindIn(name: string): Kind | undefined {
  if (Object.hasOwn(KINDS, name)) return KINDS[name];
  if (!/gemma.?scope/i.test(name)) return undefined;
  const part = name.toLowerCase().split(/[-_.]/).findLast((part) => Object.hasOwn(KINDS, part));
  return part === undefined ? undefined : KINDS[part];
}

function first<T>(names: readonly string[], find: (name: string) => T | undefined): T | undefined {
  for (const name of names) {
    const found = find(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
