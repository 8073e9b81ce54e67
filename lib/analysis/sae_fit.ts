/**
 * Whether an SAE seems to belong to the states that it is given.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import type { Observer } from "../base/observer.ts";
import { layerText } from "../results/layer_name.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import type { PlannedSae } from "./plan/planned_sae.ts";

/**
 * Makes sure that nothing speaks against an SAE.
 *
 * @param misfits What does, in sentences.
 * @param force Whether it is used all the same. Default: no.
 * @throws {InputError} If something does.
 */
export function refuseMisfits(
  { layer, path }: Pick<PlannedSae, "layer" | "path">,
  misfits: readonly string[],
  force = false,
): void {
  if (misfits.length === 0 || force) return;
  throw new InputError(`${layerText(layer)}: ${path}: ${misfits.join("; and ")}`, {
    advice: { kind: "force_sae" },
  });
}

/** Warns of what a user should see to, of an SAE that is used all the same. */
export function warnOfDoubts(
  { layer, path }: Pick<PlannedSae, "layer" | "path">,
  doubts: readonly string[],
  observer: Observer,
): void {
  for (const doubt of doubts) observer.warn(`${layerText(layer)}: ${path}: ${doubt}`);
}

/** Warns of what speaks against the SAE of a result, computed or used again. */
export function warnOfMisfits(
  record: Pick<LayerRecord, "layer" | "checkpoint" | "sae" | "unexplained_variance" | "misfits">,
  observer: Observer,
): void {
  const { layer, checkpoint: { path }, sae, unexplained_variance: unexplained } = record;
  const which = layerText(layer);
  for (const misfit of record.misfits ?? []) observer.warn(`${which}: ${path}: ${misfit}`);
  if (sae === "unsupervised" || !(unexplained! > 1)) return;
  observer.warn(
    `${which}: what ${path} makes of the hidden states is further from them than their mean is ` +
      `(unexplained variance ${unexplained!.toPrecision(2)}); do this SAE and this layer of this ` +
      "model belong together?",
  );
}
