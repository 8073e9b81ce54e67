/**
 * Tries an SAE on a few states of the language model, at its site and beside it, before anything is
 * computed with it, as the doctor does. AlignSAE's are not tried: their results say enough.
 *
 * @module
 */
import { SILENT } from "../base/observer.ts";
import type { ComputeDevice } from "../compute/device.ts";
import {
  type SiteStates,
  sitesToCompute,
  type TrialPlace,
  trialPlace,
} from "../doctor/site_fits.ts";
import { type TrialFits, tryAt } from "../doctor/trial.ts";
import { canCompute, type DecoderModel } from "../lm/language_model.ts";
import type { Site } from "../lm/site.ts";
import { withCentring } from "../sae/centred.ts";
import type { Fit } from "../sae/doctor/fit_meter.ts";
import type { Finding } from "../sae/doctor/finding.ts";
import { judgeFit } from "../sae/doctor/judge_fit.ts";
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

/** All sites whose states are needed of an SAE: its own, and those that it is tried at. */
export function sitesOf(planned: PlannedSae, model: DecoderModel): Site[] {
  const place = placeOf(planned, model);
  return place === undefined ? [planned.site] : sitesToCompute(place);
}

/**
 * Tries an SAE.
 *
 * @param states Those of {@linkcode sitesOf}, at the tokens that count.
 * @param text The same at the tokens of whole prompts.
 * @param sides Its encoder and its decoder.
 * @returns Undefined of AlignSAE's.
 * @throws {InputError} If its files are damaged, or the device fails.
 */
export async function trySae(
  planned: PlannedSae,
  { states, text, model, device, sides }: {
    states: SiteStates;
    text: SiteStates;
    model: DecoderModel;
    device: ComputeDevice;
    sides: ReadSides;
  },
): Promise<Trial | undefined> {
  const place = placeOf(planned, model);
  const { opened } = planned;
  if (place === undefined || opened === undefined) return undefined;
  const { judged, others } = await tryAt({ counted: states, text }, place, {
    sae: withCentring(sides.sae, opened),
    decoder: sides.decoder,
    device,
    observer: SILENT, // whatever there is to say is said when all states are encoded
  });
  const findings = judgeFit({ ...judged, declaredL0: opened.declaredL0 });
  const of = (wanted: Finding["severity"]) =>
    findings.filter(({ severity }) => severity === wanted).map(({ text }) => text);
  const counted = [judged, others].find((fits) => fits?.tokens === "counted") as TrialFits;
  return { fit: counted.here.fit, misfits: of("misfit"), doubts: of("doubt") };
}

/** Where an SAE is tried: beside its site only where the model's files hold what that takes. */
function placeOf({ site, opened }: PlannedSae, model: DecoderModel): TrialPlace | undefined {
  if (opened === undefined) return undefined;
  const { n_layer: blockCount } = model.config;
  const place = { site, predicted: opened.predicts?.site, blockCount };
  return trialPlace(place, (each) => canCompute(model, each));
}
