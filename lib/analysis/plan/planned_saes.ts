/**
 * The SAEs of an analysis: those of the sites that were asked for, where there are some.
 *
 * @module
 */
import { InputError, UsageError } from "../../base/errors.ts";
import type { Observer } from "../../base/observer.ts";
import { absent, lookAt } from "../../files/look.ts";
import { checkLayers, type DecoderModel } from "../../lm/language_model.ts";
import { layerOfSite, type Site, siteOfLayer } from "../../lm/site.ts";
import { listSites, type SiteList, siteListText } from "../../lm/site_list.ts";
import { layerName, layersText, layerText } from "../../results/layer_name.ts";
import type { SaeOptions } from "../../sae/formats/format.ts";
import { noSaes, planFoundSaes } from "./found_saes.ts";
import { hasCheckpoints, noteLastLayer, planCheckpoints } from "./planned_checkpoints.ts";
import type { PlannedSaes } from "./planned_sae.ts";

/** Which SAEs are wanted. */
export interface SaeWish {
  /** The directory that they lie in, or the file of one. */
  readonly saeDirectory: string;
  /** The layers; `all` is every layer that is the input of a block. */
  readonly layers: "all" | readonly number[];
  /** The sites, instead of layers. Default: the layers, or of `all` wherever the SAEs read. */
  readonly sites?: SiteList | undefined;
  /** The format of the SAEs, by its name. Default: it is recognised. */
  readonly saeFormat?: string | undefined;
  /** How many features of a question a top-k SAE keeps whose files do not say it. */
  readonly k?: number | undefined;
}

/**
 * Finds and opens the SAEs of an analysis. No weight is read.
 *
 * @param observer Told what was found, and warned of what was not.
 * @throws {InputError} If there is none, one that is wanted is damaged, or it does not belong to the
 * model.
 * @throws {UsageError} If the model lacks what was asked for, or layers and sites are both named.
 */
export async function planSaes(
  wish: SaeWish,
  model: DecoderModel,
  observer: Observer,
): Promise<PlannedSaes> {
  const { saeDirectory, layers, sites, saeFormat, k } = wish;
  if (layers !== "all" && sites !== undefined) {
    throw new UsageError("name layers or sites, not both: layer 6 is the site pre:6", {
      subject: { setting: "sites" },
    });
  }
  const numbers = listLayers(wish, model);
  checkLayers(model, numbers);
  const there = await lookAt(saeDirectory);
  if (there === undefined) {
    throw new InputError(absent(saeDirectory), {
      advice: { kind: "name_path", setting: "saeDirectory" },
    });
  }
  const isAlignSae = /^align/i.test(saeFormat ?? "align") && there === "directory" &&
    await hasCheckpoints(saeDirectory);
  if (!isAlignSae) {
    const choice: SaeOptions = { format: saeFormat, k };
    const found = await planFoundSaes(saeDirectory, {
      wanted: wantedSites(wish, model),
      choice,
      model,
      observer,
    });
    if (found !== undefined) return warned(found, observer);
    if (sites !== undefined || saeFormat !== undefined) throw noSaes(saeDirectory);
  }
  if (numbers.length === 0) {
    throw new InputError(
      `${saeDirectory} holds AlignSAE's SAEs, which read the inputs of blocks, and ` +
        `${siteListText(sites!)} names none of them`,
      { advice: { kind: "name_sites", sites: "pre:all" } },
    );
  }
  const planned = await planCheckpoints(saeDirectory, numbers, model);
  const others = sites === undefined || sites === "all"
    ? []
    : listSites(sites, model.decoder).filter((site) => numberOf(site, model) === undefined);
  const skipped = [
    ...planned.skipped,
    ...others.map((site) => ({
      layer: layerName(site),
      reason: "No SAE found: AlignSAE's read the inputs of blocks",
    })),
  ];
  warnOfSkipped(skipped, observer);
  if (layers === "all" && sites === undefined) await noteLastLayer(saeDirectory, model, observer);
  return { ...planned, skipped };
}

function warned(planned: PlannedSaes, observer: Observer): PlannedSaes {
  warnOfSkipped(planned.skipped, observer);
  return planned;
}

/** The layers that are wanted of AlignSAE's, ascending, each once. */
function listLayers({ layers, sites }: SaeWish, model: DecoderModel): number[] {
  const { n_layer } = model.config;
  const all = [...Array(n_layer).keys()];
  if (sites !== undefined && sites !== "all") {
    return listSites(sites, model.decoder).flatMap((site) => numberOf(site, model) ?? []);
  }
  if (layers === "all") return all;
  return [...new Set(layers)].sort((a, b) => a - b);
}

/** The sites that are wanted of other SAEs; undefined for wherever they read. */
function wantedSites({ layers, sites }: SaeWish, model: DecoderModel): Site[] | undefined {
  if (sites === "all") return undefined;
  if (sites !== undefined) return listSites(sites, model.decoder);
  if (layers === "all") return undefined;
  const { n_layer } = model.config;
  return [...new Set(layers)].sort((a, b) => a - b).map((layer) => siteOfLayer(layer, n_layer));
}

function numberOf(site: Site, { config: { n_layer } }: DecoderModel): number | undefined {
  return layerOfSite(site, n_layer);
}

/** One line, whether one layer has no SAE or most of them. */
export function warnOfSkipped(skipped: PlannedSaes["skipped"], observer: Observer): void {
  const [first, ...others] = skipped;
  if (first === undefined) return;
  if (others.length === 0) {
    return observer.warn(`${layerText(first.layer)} is skipped: ${first.reason}`);
  }
  const which = layersText(skipped.map(({ layer }) => layer));
  observer.warn(`${which} are skipped: ${first.reason}, and so on`);
}
