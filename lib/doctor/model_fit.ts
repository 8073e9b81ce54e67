/**
 * Tries an SAE on the states of a language model.
 *
 * @module
 */
import { checkReadSite } from "./check_site.ts";
import { checkWidth } from "./check_width.ts";
import { InputError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import {
  type ComputeDevice,
  type DeviceRequest,
  openDevice,
  prepareDevice,
} from "../compute/device.ts";
import { checkSite } from "../lm/decoder_depth.ts";
import { collectHiddenStates } from "../lm/hidden_states.ts";
import type { KeptTokens } from "../lm/kept_tokens.ts";
import { canCompute, type DecoderModel } from "../lm/language_model.ts";
import { openPromptedModel } from "../prompts/prompted_model.ts";
import type { PromptSettings } from "../prompts/prompt_settings.ts";
import { type Site, siteOfLayer, siteText } from "../lm/site.ts";
import type { StateStore } from "../lm/state_store.ts";
import { withCentring } from "../sae/centred.ts";
import type { Fit } from "./fit_meter.ts";
import type { OpenedSae, SaeOptions } from "../sae/formats/format.ts";
import { openSae } from "../sae/open_sae.ts";
import type { Sae } from "../sae/sae.ts";
import { doctorPrompts } from "./doctor_prompts.ts";
import { measureSites, sitesToCompute, trialPlace } from "./site_fits.ts";
import { type TrialFits, tryAt } from "./trial.ts";
import { trialStates, trialTokens } from "./trial_tokens.ts";

/** How an SAE is tried. */
export interface TrialOptions {
  /** How prompts are made of a file's lines, and which of their tokens count. Default: AlignSAE's. */
  readonly prompts?: PromptSettings | undefined;
  /** How many prompts of each relation or label are used. Default: 50. */
  readonly samplesPerRelation?: number | undefined;
  /** Where to compute. Default: the best there is. */
  readonly device?: DeviceRequest | undefined;
}

/** How an SAE fits a language model. */
export interface ModelFit {
  /** Where the SAE reads in that model. */
  readonly site: Site;
  /** The language model. */
  readonly model: string;
  /** By what it is judged: at the SAE's site, and beside it. */
  readonly judged: TrialFits;
  /** At other tokens; undefined if it was not tried on others. */
  readonly others: TrialFits | undefined;
  /** As it is judged, read as another library does; undefined where there is one reading only. */
  readonly otherReading?: { readonly name: string; readonly fit: Fit } | undefined;
}

/** Formats that SAELens reads by another formula than their owner. */
const HAS_TWO_READINGS: readonly string[] = ["Llama Scope"];

/**
 * Tries an SAE on a language model and prompts.
 *
 * @param options The SAE's path, the model's directory, the file of the prompts, and how it is tried.
 * @throws {InputError} If they do not belong together, or no site is known to try it at.
 */
export async function fitOf(
  { opened, sae, site: said }: { opened: OpenedSae; sae: Sae; site: Site | undefined },
  options: SaeOptions & TrialOptions & { sae: string; lmModel: string; questionFile: string },
  observer: Observer,
): Promise<ModelFit> {
  const { lmModel, questionFile, device: requested = "auto" } = options;
  if (said === undefined) throw unplaced(opened);
  using _prepared = prepareDevice(requested);
  const model = await openPromptedModel(lmModel, options.prompts, observer);
  checkWidth({ path: opened.path, shape: opened }, model);
  const site = siteInModel(opened, said, model);
  if (opened.site === undefined) checkSite(model.decoder, site);
  else checkReadSite({ ...opened, site }, model);
  const { prompts, pooled } = await doctorPrompts(model, questionFile, { options, observer });
  using device = await openDevice(requested);
  const { n_layer: blockCount } = model.config;
  const place = trialPlace(
    { site, predicted: opened.predicts?.site, blockCount },
    (each) => canCompute(model, each),
  );
  const sites = sitesToCompute(place);
  observer.phase("language model", prompts.length, "prompts");
  using counted = await statesOf(model, { prompts, tokens: pooled?.tokens }, {
    sites,
    device,
    observer,
  });
  const texts = isAlignSae(opened) ? undefined : trialTokens(prompts);
  using store = texts && await statesOf(model, texts, { sites, device, observer: SILENT });
  const text = store && trialStates(store, texts!);
  observer.phase("SAE");
  const subject = { sae, decoder: await opened.readDecoder(), device, observer };
  const result = await tryAt({ counted, text }, place, subject);
  if (!HAS_TWO_READINGS.includes(opened.format)) {
    return { site, model: lmModel, ...result, otherReading: undefined };
  }
  const name = options.reading === "saelens" ? "owner" : "saelens";
  const other = await openSae(options.sae, { ...options, reading: name });
  const tried = text !== undefined && result.judged.tokens === "text" ? text : counted;
  const [fits] = await measureSites([tried], { ...place, neighbours: [] }, {
    ...subject,
    sae: withCentring(await other.read(), other),
    decoder: await other.readDecoder(),
  });
  return { site, model: lmModel, ...result, otherReading: { name, fit: fits!.here.fit } };
}

function unplaced({ path, siteInWords }: OpenedSae): InputError {
  return new InputError(
    siteInWords === undefined
      ? `the files of ${path} do not say where it reads`
      : `${path} reads at ${siteInWords}, which is no site of coact's`,
    { advice: { kind: "name_site" } },
  );
}

/**
 * Where an SAE reads in a model. AlignSAE counts hidden states: the one after the last block's input is the
 * state after the final norm, as an analysis takes it.
 *
 * @throws {InputError} If the state after the final norm was named of an SAE of another layer.
 */
function siteInModel(
  opened: OpenedSae,
  said: Site,
  { config: { n_layer: blockCount } }: DecoderModel,
): Site {
  const own = opened.site;
  if (!isAlignSae(opened) || own?.point !== "pre") return said;
  const site = siteOfLayer(own.block, blockCount);
  if (said.point === "final" && site.point !== "final") throw contradicted(opened, own, said);
  return site;
}

/** An SAE's files say another site than was named. */
export function contradicted(
  { path, siteInWords }: OpenedSae,
  own: Site,
  named: Site,
): InputError {
  return new InputError(
    `${path} reads at ${siteText(own)} (${siteInWords}), not at ${siteText(named)}`,
  );
}

async function statesOf(
  model: DecoderModel,
  { prompts, tokens }: { prompts: readonly (readonly number[])[]; tokens: KeptTokens },
  { sites, device, observer }: { sites: Site[]; device: ComputeDevice; observer: Observer },
): Promise<StateStore> {
  return await collectHiddenStates(model, prompts, {
    sites,
    tokens, // as they are: an SAE sees one token at a time
    runtime: device.runtime,
    onProgress: (done) => observer.progress(done),
    onNote: (message) => observer.note(message),
  });
}

/** Whether an SAE is of AlignSAE's format. */
export function isAlignSae({ format }: OpenedSae): boolean {
  return format === "AlignSAE";
}
