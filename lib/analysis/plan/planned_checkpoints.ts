/**
 * AlignSAE's SAEs: `layer0/`, `layer1/`, … with a checkpoint in each, found by the numbers of layers.
 *
 * @module
 */
import { InputError, messageOf } from "../../base/errors.ts";
import type { Observer } from "../../base/observer.ts";
import { finalNormText } from "../../lm/layer_convention.ts";
import type { DecoderModel } from "../../lm/language_model.ts";
import { layerOfSite, siteOfLayer } from "../../lm/site.ts";
import { listSites, siteListText } from "../../lm/site_list.ts";
import { layerName } from "../../results/layer_name.ts";
import { findCheckpoint } from "../../sae/formats/find_checkpoint.ts";
import { openSaeCheckpoint } from "../../sae/formats/sae_checkpoint.ts";
import { checkWidth } from "../../doctor/check_width.ts";
import type { PlannedSae, PlannedSaes, SaeWish, SkippedLayer } from "./planned_sae.ts";
import { plannedCheckpoint } from "./planned_checkpoint.ts";

/**
 * Finds and opens the checkpoint of each layer that is wanted; layers without one are left out. No
 * weight is read.
 *
 * @param observer Told of an SAE that `all` does not mean.
 * @throws {InputError} If there is none at all, one is damaged or not of the model's width, or two have
 * different numbers of slots.
 */
export async function planCheckpoints(
  { saeDirectory, layers, sites }: Pick<SaeWish, "saeDirectory" | "layers" | "sites">,
  model: DecoderModel,
  observer: Observer,
): Promise<PlannedSaes> {
  const wanted = wantedLayers({ layers, sites }, model);
  if (wanted.length === 0) {
    throw new InputError(
      `${saeDirectory} holds AlignSAE's SAEs, which read the inputs of blocks, and ` +
        `${siteListText(sites!)} names none of them`,
      { advice: { kind: "name_sites", sites: "pre:all" } },
    );
  }
  const { n_layer: blockCount } = model.config;
  const checkpoints: PlannedSae[] = [];
  const skipped: SkippedLayer[] = [];
  const triedPaths: string[] = [];
  for (const layer of wanted) {
    const found = await findCheckpoint(saeDirectory, layer);
    if ("path" in found) {
      const site = siteOfLayer(layer, blockCount);
      checkpoints.push(plannedCheckpoint(await openSaeCheckpoint(found.path, layer), site));
      continue;
    }
    triedPaths.push(...found.tried);
    skipped.push({ layer, reason: `No SAE checkpoint found: tried ${found.tried.join(", ")}` });
  }
  if (checkpoints.length === 0) throw noneFound(wanted, triedPaths);
  for (const checkpoint of checkpoints) checkWidth(checkpoint, model);
  for (
    const site of sites === undefined || sites === "all" ? [] : listSites(sites, model.decoder)
  ) {
    if (layerOfSite(site, blockCount) !== undefined) continue;
    const reason = "No SAE found: AlignSAE's read the inputs of blocks";
    skipped.push({ layer: layerName(site), reason });
  }
  if (layers === "all" && sites === undefined) await noteLastLayer(saeDirectory, model, observer);
  return { checkpoints, skipped, slotCount: commonSlotCount(checkpoints) };
}

/** The layers that are wanted, ascending, each once. */
function wantedLayers(
  { layers, sites }: Pick<SaeWish, "layers" | "sites">,
  { decoder, config: { n_layer: blockCount } }: DecoderModel,
): number[] {
  if (sites !== undefined && sites !== "all") {
    return listSites(sites, decoder).flatMap((site) => layerOfSite(site, blockCount) ?? []);
  }
  if (layers === "all") return [...Array(blockCount).keys()];
  return [...new Set(layers)].sort((a, b) => a - b);
}

function noneFound(layers: readonly number[], triedPaths: readonly string[]): InputError {
  const which = layers.length === 1
    ? `layer ${layers[0]}`
    : `any of the layers ${layers.join(", ")}`;
  return new InputError(
    `No SAE checkpoint found for ${which}; tried ${triedPaths.slice(0, 3).join(", ")}` +
      `${triedPaths.length > 3 ? ", …" : ""}`,
    { advice: { kind: "locate_saes" } },
  );
}

/** The state after the final norm is no block's input, so that `all` does not mean it. */
async function noteLastLayer(
  saeDirectory: string,
  { config: { n_layer }, decoder }: DecoderModel,
  observer: Observer,
): Promise<void> {
  try {
    if ("tried" in await findCheckpoint(saeDirectory, n_layer)) return;
  } catch (error) {
    // nobody asked for this layer
    return observer.warn(messageOf(error), error instanceof InputError ? error.advice : undefined);
  }
  observer.note(`layer ${n_layer}, after the ${finalNormText(decoder)}, has an SAE, too`, {
    kind: "name_layer",
    layer: n_layer,
  });
}

/**
 * How many slots the supervised SAEs have, undefined if there is none.
 *
 * @throws {InputError} If two have different numbers of them.
 */
function commonSlotCount(
  checkpoints: readonly Pick<PlannedSae, "path" | "shape">[],
): number | undefined {
  const supervised = checkpoints.filter(({ shape }) => shape.kind === "supervised");
  const [first] = supervised;
  const other = supervised.find(({ shape }) => shape.slotCount !== first?.shape.slotCount);
  if (first !== undefined && other !== undefined) {
    throw new InputError(
      `${other.path} has ${other.shape.slotCount} relation slots, but ${first.path} ` +
        `${first.shape.slotCount}`,
      { advice: { kind: "layers_apart" } },
    );
  }
  return first?.shape.slotCount;
}
