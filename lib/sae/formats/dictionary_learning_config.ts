/**
 * What the `config.json` of dictionary_learning says, and its folders: where the SAE reads, and what
 * it is.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../../files/json.ts";
import type { BlockPoint, Site } from "../../lm/site.ts";
import type { SaeFiles } from "./sae_files.ts";

/** The name of the configuration. */
export const CONFIG = "config.json";

/** What it says, as far as it is read; each may be absent. */
export interface DictionaryConfig {
  /** The class, as the trainer wrote it, rightly or not: `BatchTopKSAE`. */
  readonly dict_class?: string | null | undefined;
  /** The trainer: `BatchTopKTrainer`. */
  readonly trainer_class?: string | null | undefined;
  /** The layer. */
  readonly layer?: number | string | null | undefined;
  /** The width of the hidden states. */
  readonly activation_dim?: number | null | undefined;
  /** The number of features. */
  readonly dict_size?: number | null | undefined;
  /** How many features of a question are kept. */
  readonly k?: number | null | undefined;
  /** The module that is read: `resid_post_layer_12`. */
  readonly submodule_name?: string | null | undefined;
  /** Whether the module's output is read (`out`) or its input (`in`). */
  readonly io?: string | null | undefined;
}

interface Written extends DictionaryConfig {
  trainer?: DictionaryConfig | null | undefined;
  buffer?: { io?: string | null | undefined } | null | undefined;
}

const fields = {
  dict_class: z.string().nullish(),
  trainer_class: z.string().nullish(),
  layer: z.union([z.int(), z.string()]).nullish(),
  activation_dim: z.int().nullish(),
  dict_size: z.int().nullish(),
  k: z.int().nullish(),
  submodule_name: z.string().nullish(),
};

const schema: Schema<Written> = z.object({
  ...fields,
  trainer: z.object(fields).nullish(),
  buffer: z.object({ io: z.string().nullish() }).nullish(),
});

/**
 * Reads the configuration: what a trainer writes, or the three sizes of the form on a hub.
 *
 * @returns Undefined if there is none, or it is another library's.
 * @throws {InputError} If it is no JSON, or a field is of another type.
 */
export async function readDictionaryConfig(files: SaeFiles): Promise<DictionaryConfig | undefined> {
  const written = await files.config(CONFIG, schema);
  if (written === undefined) return undefined;
  const { trainer, buffer, ...hub } = written;
  if (trainer !== undefined && trainer !== null) return { ...trainer, io: buffer?.io };
  const isHub = typeof hub.activation_dim === "number" && typeof hub.dict_size === "number";
  return isHub ? hub : undefined;
}

/** Where an SAE reads, by its configuration and its folders. */
export interface Place {
  /** The site. */
  readonly site: Site | undefined;
  /** How it is said. */
  readonly siteInWords: string | undefined;
  /** What is assumed, and what contradicts it. */
  readonly notes: readonly string[];
}

/** Modules as the library and its users name them, and the site of what they give. */
const POINTS: Readonly<Record<string, BlockPoint>> = {
  resid_pre: "pre",
  resid_mid: "mid",
  resid_post: "post",
  resid_out: "post",
  resid: "post",
  mlp_out: "mlp_out",
  mlp: "mlp_out",
  attn_out: "attn_out",
  attention_out: "attn_out",
  attn: "attn_out",
};

/** A site by the name of a module: `resid_post_layer_12`. */
function siteOfModule(name: string): Site | undefined {
  const [, module = "", layer] = /^(\w+?)_layer_?(\d{1,3})$/.exec(name) ?? [];
  if (layer === undefined || !Object.hasOwn(POINTS, module)) return undefined;
  return { block: Number(layer), point: POINTS[module]! };
}

/** The folder that names a module, or a layer at least, if one does. */
function layerFolder(folders: readonly string[]): string | undefined {
  return folders.find((name) => /(?:^|_)layer_?\d{1,3}$/.test(name));
}

/** Where an SAE reads: the configuration says it, else a folder does. */
export function placeOf(config: DictionaryConfig | undefined, folders: readonly string[]): Place {
  const { submodule_name: module, io, layer } = config ?? {};
  const folder = layerFolder(folders);
  if (io !== undefined && io !== null && io !== "out") return readsElsewhere(config!);
  const number = Number(layer ?? undefined);
  const said = Number.isInteger(number) && number >= 0 ? number : undefined;
  const site = siteOfModule(module ?? "") ??
    (module === undefined || module === null ? siteWithoutModule(said, folder) : undefined);
  const notes = notesOn({ site, said, module, folder });
  const words = [
    said === undefined ? [] : [`layer ${said}`],
    module === undefined || module === null ? [] : [`submodule ${module}`],
  ].flat();
  if (words.length === 0) {
    return { site, siteInWords: site === undefined ? undefined : `folder ${folder}`, notes };
  }
  return { site, siteInWords: `${CONFIG}: ${words.join(", ")}`, notes };
}

/** A layer without a module is the output of its block: what the library reads as a matter of course. */
function siteWithoutModule(
  layer: number | undefined,
  folder: string | undefined,
): Site | undefined {
  const named = folder === undefined ? undefined : siteOfModule(folder);
  if (layer === undefined) return named;
  const point = named !== undefined && named.point !== "final" ? named.point : "post";
  return { block: layer, point };
}

function readsElsewhere({ io, layer, submodule_name }: DictionaryConfig): Place {
  const module = submodule_name ?? "a submodule that is not named";
  return {
    site: undefined,
    siteInWords: `${CONFIG}: io ${io}, layer ${layer ?? "not said"}, ${module}`,
    notes: [
      `${CONFIG} says io "${io}": it reads the input of ${module}, not the output of ` +
      `block ${layer ?? "?"}; where that is has to be given`,
    ],
  };
}

function notesOn(
  { site, said, module, folder }: {
    site: Site | undefined;
    said: number | undefined;
    module: string | null | undefined;
    folder: string | undefined;
  },
): string[] {
  const notes: string[] = [];
  if (site === undefined) {
    notes.push(
      module === undefined || module === null
        ? "nothing says where it reads: neither a layer in its config.json nor a folder such as " +
          "resid_post_layer_3"
        : `${CONFIG} says submodule_name ${module}, which is no site that coact knows`,
    );
    return notes;
  }
  const block = site.point === "final" ? undefined : site.block;
  if (said !== undefined && said !== block) {
    notes.push(
      `${CONFIG} says layer ${said}, but its submodule_name is ${module}, which is followed`,
    );
  }
  const [, other] = /(?:^|_)layer_?(\d{1,3})$/.exec(folder ?? "") ?? [];
  if (other !== undefined && Number(other) !== block) {
    notes.push(
      `its folder ${folder} says layer ${other}, but ${CONFIG} says ${block}, which is followed`,
    );
  }
  if (said !== undefined && (module === undefined || module === null)) {
    notes.push(
      `${CONFIG} names layer ${said} and no submodule: it is taken for ${
        site.point === "post" ? `the output of block ${block}` : `${site.point} ${block}`
      }`,
    );
  }
  return notes;
}
