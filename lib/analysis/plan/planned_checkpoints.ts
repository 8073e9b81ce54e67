/**
 * AlignSAE's SAEs: `layer0/`, `layer1/`, … with a checkpoint in each, found by the numbers of layers.
 *
 * @module
 */
import { InputError, messageOf } from "../../base/errors.ts";
import type { Observer } from "../../base/observer.ts";
import { finalNormText } from "../../lm/layer_convention.ts";
import type { DecoderModel } from "../../lm/language_model.ts";
import { siteOfLayer } from "../../lm/site.ts";
import { CHECKPOINT_NAMES, findCheckpoint } from "../../sae/formats/find_checkpoint.ts";
import { openSaeCheckpoint } from "../../sae/formats/sae_checkpoint.ts";
import { namesIn } from "../../results/file_names.ts";
import { checkWidth } from "./check_width.ts";
import {
  plannedCheckpoint,
  type PlannedSae,
  type PlannedSaes,
  type SkippedLayer,
} from "./planned_sae.ts";

/** Whether a directory holds AlignSAE's checkpoints, or downloads of them that are not finished. */
export async function hasCheckpoints(saeDirectory: string): Promise<boolean> {
  for (const name of await namesIn(saeDirectory)) {
    if (!/^layer\d{1,3}$/.test(name)) continue;
    const within = await namesIn(`${saeDirectory}/${name}`).catch(() => []);
    if (within.some((file) => CHECKPOINT_NAMES.some((known) => file.startsWith(known)))) {
      return true;
    }
  }
  return false;
}

/**
 * Finds and opens the checkpoint of each layer; layers without one are left out. No weight is read.
 *
 * @param layers The layers, ascending.
 * @throws {InputError} If there is none at all, or one is damaged or not of the model's width.
 */
export async function planCheckpoints(
  saeDirectory: string,
  layers: readonly number[],
  model: DecoderModel,
): Promise<PlannedSaes> {
  const checkpoints: PlannedSae[] = [];
  const skipped: SkippedLayer[] = [];
  const triedPaths: string[] = [];
  for (const layer of layers) {
    const found = await findCheckpoint(saeDirectory, layer);
    if ("path" in found) {
      const site = siteOfLayer(layer, model.config.n_layer);
      checkpoints.push(plannedCheckpoint(await openSaeCheckpoint(found.path, layer), site));
      continue;
    }
    triedPaths.push(...found.tried);
    skipped.push({ layer, reason: `No SAE checkpoint found: tried ${found.tried.join(", ")}` });
  }
  if (checkpoints.length === 0) throw noneFound(layers, triedPaths);
  for (const checkpoint of checkpoints) checkWidth(checkpoint, model);
  return { checkpoints, skipped };
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
export async function noteLastLayer(
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
export function commonSlotCount(
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
