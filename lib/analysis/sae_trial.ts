/**
 * Whether an SAE belongs to the states that it is given: it is tried on a few of them, at its site and
 * beside it, before anything is computed with it, as the doctor does. AlignSAE's are not tried: their
 * results say enough.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import type { ComputeDevice } from "../compute/device.ts";
import type { FitThreads } from "../doctor/fits.ts";
import type { SiteStates } from "../doctor/site_fits.ts";
import { type TrialFits, tryAt } from "../doctor/trial.ts";
import { layerText } from "../results/layer_name.ts";
import type { LayerRecord } from "../results/layer_record.ts";
import { withCentring } from "../sae/centred.ts";
import type { Fit } from "../doctor/fit_meter.ts";
import type { Finding } from "../doctor/finding.ts";
import { judgeFit } from "../doctor/judge_fit.ts";
import type { PlannedSae, ReadSides } from "./plan/planned_sae.ts";

/** What a trial came to. */
export interface Trial {
  /** How the SAE fits the states that are analysed. */
  readonly fit: Fit;
  /** What speaks against using it, in sentences; none if nothing does. */
  readonly misfits: readonly string[];
  /** What a user should see to, in sentences. */
  readonly doubts: readonly string[];
}

/**
 * Tries an SAE.
 *
 * @param states Those of all sites that it needs, at the tokens that count.
 * @param text The same at the tokens of whole prompts.
 * @param sides Its encoder and its decoder.
 * @param threads Who checks and decodes. Default: the thread that asks.
 * @returns Undefined of AlignSAE's.
 * @throws {InputError} If its files are damaged, or the device fails.
 */
export async function trySae(
  planned: PlannedSae,
  { states, text, device, sides, threads }: {
    states: SiteStates;
    text: SiteStates;
    device: ComputeDevice;
    sides: ReadSides;
    threads?: FitThreads;
  },
): Promise<Trial | undefined> {
  const { opened, trialPlace: place } = planned;
  if (place === undefined || opened === undefined) return undefined;
  const { judged, others } = await tryAt({ counted: states, text }, place, {
    sae: withCentring(sides.sae, opened),
    decoder: sides.decoder,
    device,
    threads,
    observer: SILENT, // whatever there is to say is said when all states are encoded
  });
  const findings = judgeFit({ ...judged, declaredL0: opened.declaredL0 });
  const of = (wanted: Finding["severity"]) =>
    findings.filter(({ severity }) => severity === wanted).map(({ text }) => text);
  const counted = [judged, others].find((fits) => fits?.tokens === "counted") as TrialFits;
  return { fit: counted.here.fit, misfits: of("misfit"), doubts: of("doubt") };
}

/**
 * Refuses an SAE against which its trial speaks, and warns of what a user should see to.
 *
 * @param trial Undefined of AlignSAE's.
 * @param force Whether it is used all the same. Default: no.
 * @throws {InputError} If something speaks against it.
 */
export function judgeTrial(
  planned: Pick<PlannedSae, "layer" | "path">,
  trial: Pick<Trial, "misfits" | "doubts"> | undefined,
  force: boolean | undefined,
  observer: Observer,
): void {
  const { misfits = [], doubts = [] } = trial ?? {};
  refuseMisfits(planned, misfits, force);
  const { layer, path } = planned;
  for (const doubt of doubts) observer.warn(`${layerText(layer)}: ${path}: ${doubt}`);
}

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
