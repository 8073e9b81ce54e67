/**
 * The SAEs of an analysis: those of the sites that were asked for, where there are some.
 *
 * @module
 */
import { InputError, UsageError } from "../../base/errors.ts";
import type { Observer } from "../../base/observer.ts";
import { absent, lookAt } from "../../files/look.ts";
import { checkLayers, type DecoderModel } from "../../lm/language_model.ts";
import { type Site, siteOfLayer } from "../../lm/site.ts";
import { listSites } from "../../lm/site_list.ts";
import { layersText, layerText } from "../../results/layer_name.ts";
import { hasCheckpoints } from "../../sae/formats/find_checkpoint.ts";
import type { SaeOptions } from "../../sae/formats/format.ts";
import { noSaes, planFoundSaes } from "./found_saes.ts";
import { planCheckpoints } from "./planned_checkpoints.ts";
import type { PlannedSaes, SaeWish } from "./planned_sae.ts";

/**
 * Finds and opens the SAEs of an analysis. No weight is read.
 *
 * @param observer Told what was found, and warned of what was not.
 * @throws {InputError} If there is none, one that is wanted is damaged, it does not belong to the model, or
 * its files contradict the k.
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
  if (layers !== "all") checkLayers(model, layers);
  const there = await lookAt(saeDirectory);
  if (there === undefined) {
    throw new InputError(absent(saeDirectory), {
      advice: { kind: "name_path", setting: "saeDirectory" },
    });
  }
  const isAlignSae = /^align/i.test(saeFormat ?? "align") && there === "directory" &&
    await hasCheckpoints(saeDirectory);
  const choice: SaeOptions = { format: saeFormat, k };
  const wanted = wantedSites(wish, model);
  const found = isAlignSae
    ? undefined
    : await planFoundSaes(saeDirectory, { wanted, choice, model, observer });
  if (!isAlignSae && found === undefined && (sites !== undefined || saeFormat !== undefined)) {
    throw noSaes(saeDirectory);
  }
  if (isAlignSae && k !== undefined) {
    throw new InputError(
      `${saeDirectory} keeps no fixed number of features of a state, but k is given as ${k}`,
    );
  }
  // Where there is no SAE at all, this says where AlignSAE's would be.
  const planned = found ?? await planCheckpoints(wish, model, observer);
  warnOfSkipped(planned.skipped, observer);
  return planned;
}

/** The sites that are wanted of other SAEs; undefined for wherever they read. */
function wantedSites({ layers, sites }: SaeWish, model: DecoderModel): Site[] | undefined {
  if (sites === "all") return undefined;
  if (sites !== undefined) return listSites(sites, model.decoder);
  if (layers === "all") return undefined;
  const { n_layer } = model.config;
  return [...new Set(layers)].sort((a, b) => a - b).map((layer) => siteOfLayer(layer, n_layer));
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
