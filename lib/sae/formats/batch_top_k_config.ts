/**
 * What the configuration of a BatchTopK SAE says, and where the SAE reads by it.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../../files/json.ts";
import { siteText } from "../../lm/site.ts";
import type { OpenedSae } from "./format.ts";
import { siteOfHook } from "./hook_site.ts";

/** What the file is called. */
export const CONFIG = "config.json";
/** What the configuration says, as far as it is read. */
export interface BatchTopKConfig {
  /** `vanilla`, `topk` or `jumprelu`; `batchtopk` is refused. */
  sae_type: string;
  /** How many features of a question top-k keeps. */
  top_k?: number | null | undefined;
  /** The width of its input. */
  act_size?: number | null | undefined;
  /** The number of features. */
  dict_size?: number | null | undefined;
  /** Whether each state is normalised first; older versions wrote it as a word. */
  input_unit_norm?: boolean | string | null | undefined;
  /** Where it reads: `blocks.8.hook_resid_pre`. */
  hook_point?: string | null | undefined;
  /** The last part of that. */
  site?: string | null | undefined;
  /** The block of that. */
  layer?: number | null | undefined;
  /** What TransformerLens calls the model. */
  model_name?: string | null | undefined;
}

/** The schema of what is read. */
export const batchTopKConfigSchema: Schema<BatchTopKConfig> = z.object({
  sae_type: z.string(),
  top_k: z.int().nullish(),
  act_size: z.int().nullish(),
  dict_size: z.int().nullish(),
  input_unit_norm: z.union([z.boolean(), z.literal(["True", "False"])]).nullish(),
  hook_point: z.string().nullish(),
  site: z.string().nullish(),
  layer: z.int().nullish(),
  model_name: z.string().nullish(),
});

/** For telling the format from others with a `config.json`. */
export const anySchema: Schema<{ sae_type?: unknown; hook_point_in?: unknown }> = z.object({
  sae_type: z.unknown(),
  hook_point_in: z.unknown().optional(),
});

/** Models whose writing weights TransformerLens centres, as it does where layer norms are. */
const CENTRED = /^(gpt2|distilgpt2|pythia|gpt-neo|gpt-j|opt|bloom|stanford|gelu|solu|attn-only)/;

/** Where it reads, and what is to be known of that. */
export function placeOf(
  { hook_point, site, layer, model_name }: BatchTopKConfig,
  folders: readonly string[],
): Pick<OpenedSae, "site" | "siteInWords" | "notes" | "isCentred" | "centringNote"> {
  const hook = hook_point ?? undefined;
  const found = hook === undefined ? undefined : siteOfHook(hook);
  const notes: string[] = [];
  if (hook === undefined) {
    notes.push(`${CONFIG} has no hook_point: where it reads is not known`);
  } else if (found === undefined) {
    notes.push(`${CONFIG} says hook_point ${hook}, which is no site that coact knows`);
  }
  const block = found === undefined || found.point === "final" ? undefined : found.block;
  if (typeof layer === "number" && block !== undefined && layer !== block) {
    notes.push(`${CONFIG} says layer ${layer}, but hook_point ${hook}, which is followed`);
  }
  if (site && hook !== undefined && !hook.endsWith(site)) {
    notes.push(`${CONFIG} says site ${site}, but hook_point ${hook}, which is followed`);
  }
  const folder = folders.map((name) => /blocks\.\d{1,3}\.hook_[a-z_]+[a-z]/.exec(name)?.[0])
    .find((name) => name !== undefined);
  if (folder !== undefined && hook !== undefined && folder !== hook) {
    notes.push(`its folder says ${folder}, but ${CONFIG} hook_point ${hook}, which is followed`);
  }
  const isCentred = found !== undefined && CENTRED.test(model_name ?? "");
  if (!isCentred) return { site: found, siteInWords: hook, notes };
  const centringNote = `it was trained on TransformerLens' ${model_name}, in whose ${
    siteText(found)
  } each residual has had its mean subtracted`;
  notes.push(centringNote);
  return { site: found, siteInWords: hook, isCentred, centringNote, notes };
}
