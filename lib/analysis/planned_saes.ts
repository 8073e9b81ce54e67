/**
 * The SAEs of an analysis: one for each site that was asked for, where there is one.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import type { Observer } from "../base/observer.ts";
import { absent, lookAt } from "../files/look.ts";
import type { LanguageModel } from "../lm/language_model.ts";
import { type Site, siteOfLayer } from "../lm/site.ts";
import {
  findCheckpoint,
  openSaeCheckpoint,
  type SaeCheckpoint,
} from "../sae/formats/sae_checkpoint.ts";

/** An SAE of an analysis, and the site whose states it takes. */
export interface PlannedSae extends SaeCheckpoint {
  /** The site; `layer` is what Hugging Face calls it. */
  readonly site: Site;
}

/** The SAEs that were found, and what was not. */
export interface PlannedSaes {
  /** The SAEs, in the order in which a forward pass comes to their sites. */
  readonly checkpoints: readonly PlannedSae[];
  /** Layers that were asked for and have no SAE. */
  readonly skipped: readonly { layer: number; reason: string }[];
}

/**
 * Finds and opens the SAE of each layer; layers without one are left out. No weight is read.
 *
 * @param layers The layers, ascending.
 * @throws {InputError} If there is none at all, or one is damaged or not of the model's width.
 */
export async function planSaes(
  saeDirectory: string,
  layers: readonly number[],
  model: LanguageModel,
): Promise<PlannedSaes> {
  await checkIsDirectory(saeDirectory);
  const checkpoints: PlannedSae[] = [];
  const skipped: { layer: number; reason: string }[] = [];
  const triedPaths: string[] = [];
  for (const layer of layers) {
    const found = await findCheckpoint(saeDirectory, layer);
    if ("path" in found) {
      const site = siteOfLayer(layer, model.config.n_layer);
      checkpoints.push({ ...await openSaeCheckpoint(found.path, layer), site });
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

async function checkIsDirectory(saeDirectory: string): Promise<void> {
  switch (await lookAt(saeDirectory)) {
    case "file":
      throw new InputError(`${saeDirectory} is a file, expected the directory of the SAEs`, {
        advice: { kind: "name_path", setting: "saeDirectory" },
      });
    case undefined:
      throw new InputError(absent(saeDirectory), {
        advice: { kind: "name_path", setting: "saeDirectory" },
      });
  }
}

/** One line, whether one layer has no SAE or most of them. */
export function warnOfSkipped(skipped: PlannedSaes["skipped"], observer: Observer): void {
  const [first, ...others] = skipped;
  if (first === undefined) return;
  if (others.length === 0) {
    return observer.warn(`layer ${first.layer} is skipped: ${first.reason}`);
  }
  const layers = skipped.map(({ layer }) => layer).join(", ");
  observer.warn(`layers ${layers} are skipped: ${first.reason}, and so on`);
}

/** The state after the final LayerNorm is no block's input, so that `all` does not mean it. */
export async function noteLastLayer(
  saeDirectory: string,
  { config: { n_layer } }: LanguageModel,
  observer: Observer,
): Promise<void> {
  try {
    if ("tried" in await findCheckpoint(saeDirectory, n_layer)) return;
  } catch (error) {
    // nobody asked for this layer
    return observer.warn(messageOf(error), error instanceof InputError ? error.advice : undefined);
  }
  observer.note(`layer ${n_layer}, after the final LayerNorm, has an SAE, too`, {
    kind: "name_layer",
    layer: n_layer,
  });
}

/**
 * Makes sure that an SAE takes the hidden states that a model gives.
 *
 * @throws {InputError} If they are of different widths.
 */
export function checkWidth(
  { path, shape }: SaeCheckpoint,
  { directory, config }: LanguageModel,
): void {
  if (shape.width === config.n_embd) return;
  throw new InputError(
    `${path} takes hidden states of width ${shape.width}, but the model ${directory} has ` +
      `n_embd ${config.n_embd}: they do not belong together`,
  );
}

/**
 * How many slots the supervised SAEs have, undefined if there is none.
 *
 * @throws {InputError} If two have different numbers of them.
 */
export function commonSlotCount(checkpoints: readonly SaeCheckpoint[]): number | undefined {
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
