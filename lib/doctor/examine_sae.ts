/**
 * Examines an SAE: what it is, whether its weights are sound, and whether it fits a language model.
 *
 * @module
 */
import { openAnalysed } from "../analysis/asked_questions.ts";
import { InputError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import {
  type ComputeDevice,
  type DeviceRequest,
  openDevice,
  prepareDevice,
} from "../compute/device.ts";
import { collectHiddenStates } from "../lm/hidden_states.ts";
import type { KeptTokens } from "../lm/kept_tokens.ts";
import { canCompute, type DecoderModel } from "../lm/language_model.ts";
import { checkSite } from "../lm/decoder_depth.ts";
import type { PromptSettings } from "../lm/prompt_settings.ts";
import { isSameSite, type Site, siteText } from "../lm/site.ts";
import type { StateStore } from "../lm/state_store.ts";
import { doubt, type Finding } from "../sae/doctor/finding.ts";
import { examineWeights, type WeightExamination } from "../sae/doctor/examine_weights.ts";
import type { Fit } from "../sae/doctor/fit_meter.ts";
import { judgeFit } from "../sae/doctor/judge_fit.ts";
import type { OpenedSae, SaeOptions } from "../sae/formats/format.ts";
import { withCentring } from "../sae/centred.ts";
import { openSae } from "../sae/open_sae.ts";
import type { Sae } from "../sae/sae.ts";
import { doctorPrompts } from "./doctor_prompts.ts";
import { measureSites, sitesToCompute, trialPlace } from "./site_fits.ts";
import { storedTypes } from "./stored_types.ts";
import { type TrialFits, tryAt } from "./trial.ts";
import { trialStates, trialTokens } from "./trial_tokens.ts";

/** What is to be examined. */
export interface ExaminationOptions extends SaeOptions {
  /** The SAE: a file or a directory. */
  readonly sae: string;
  /** The Hugging Face directory of a language model. Default: only the files are examined. */
  readonly lmModel?: string | undefined;
  /** Prompts for it. */
  readonly questionFile?: string | undefined;
  /** How prompts are made of its lines, and which of their tokens count. Default: AlignSAE's. */
  readonly prompts?: PromptSettings | undefined;
  /** How many prompts of each relation or label are used. Default: 50. */
  readonly samplesPerRelation?: number | undefined;
  /** Where the SAE reads, if its files do not say it. */
  readonly site?: Site | undefined;
  /** Where to compute. Default: the best there is. */
  readonly device?: DeviceRequest | undefined;
}

/** How an SAE fits a language model. */
export interface ModelFit {
  /** The language model. */
  readonly model: string;
  /** By what it is judged: at the SAE's site, and beside it. */
  readonly judged: TrialFits;
  /** At other tokens; undefined if it was not tried on others. */
  readonly others: TrialFits | undefined;
  /** As it is judged, read as another library does; undefined where there is one reading only. */
  readonly otherReading?: { readonly name: string; readonly fit: Fit } | undefined;
}

/** What came out. */
export interface Examination {
  /** What the files say. */
  readonly opened: OpenedSae;
  /** The encoder. */
  readonly sae: Sae;
  /** Where the SAE reads. */
  readonly site: Site | undefined;
  /** In which types its matrices are stored. */
  readonly types: readonly string[];
  /** What its weights are like. */
  readonly weights: WeightExamination;
  /** How it fits the language model; undefined if none was given. */
  readonly fit: ModelFit | undefined;
  /** All that speaks against it; the notes of the format are the first. */
  readonly findings: readonly Finding[];
}

/** Formats that SAELens reads by another formula than their owner. */
const HAS_TWO_READINGS: readonly string[] = ["Llama Scope"];

/**
 * Reads an SAE through and, given a language model and prompts, tries it on them.
 *
 * @throws {InputError} If the files are damaged, contradict themselves or do not belong together, or
 * no site is known to try it at.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { examineSae } from "@coact/coact";
 *
 * const { opened, weights, findings } = await examineSae({ sae: "demo/sae/layer6" });
 * assert.equal(opened.format, "AlignSAE");
 * console.log(weights.lengths, findings.map(({ text }) => text));
 * ```
 */
export async function examineSae(
  options: ExaminationOptions,
  observer: Observer = SILENT,
): Promise<Examination> {
  observer.phase("reading the SAE");
  const opened = await openSae(options.sae, options);
  const site = siteFor(opened, options.site);
  const sae = withCentring(await opened.read(), opened);
  const decoder = await opened.readDecoder();
  const weights = await examineWeights(sae, decoder);
  const types = await storedTypes(opened.files ?? []);
  const notes = opened.notes.map(doubt);
  const found = { opened, sae, site, types, weights };
  const { lmModel, questionFile } = options;
  if (lmModel === undefined || questionFile === undefined) {
    return { ...found, fit: undefined, findings: [...notes, ...weights.findings] };
  }
  const fit = await fitOf(found, { ...options, lmModel, questionFile }, observer);
  const judged = judgeFit({ ...fit.judged, declaredL0: opened.declaredL0 });
  // Analyses of AlignSAE's files have always gone on with a warning.
  const fits = isAlignSae(opened) ? judged.map(({ text }) => doubt(text)) : judged;
  return { ...found, fit, findings: [...notes, ...weights.findings, ...fits] };
}

async function fitOf(
  { opened, sae, site }: Pick<Examination, "opened" | "sae" | "site">,
  options: ExaminationOptions & { lmModel: string; questionFile: string },
  observer: Observer,
): Promise<ModelFit> {
  const { lmModel, questionFile, device: requested = "auto" } = options;
  if (site === undefined) {
    throw new InputError(
      `${opened.path} reads at ${
        opened.siteInWords ?? "a place that its files do not name"
      }, which ` +
        "is no site of coact's",
      { advice: { kind: "name_site" } },
    );
  }
  prepareDevice(requested);
  const model = await openAnalysed(lmModel, options, observer);
  checkFits(opened, site, model);
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
    return { model: lmModel, ...result, otherReading: undefined };
  }
  const name = options.reading === "saelens" ? "owner" : "saelens";
  const other = await openSae(options.sae, { ...options, reading: name });
  const tried = text !== undefined && result.judged.tokens === "text" ? text : counted;
  const [fits] = await measureSites([tried], { ...place, neighbours: [] }, {
    ...subject,
    sae: withCentring(await other.read(), other),
    decoder: await other.readDecoder(),
  });
  return { model: lmModel, ...result, otherReading: { name, fit: fits!.here.fit } };
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

function isAlignSae({ format }: OpenedSae): boolean {
  return format === "AlignSAE";
}

function checkFits({ path, width }: OpenedSae, site: Site, model: DecoderModel): void {
  const { directory, config } = model;
  if (width !== config.n_embd) {
    throw new InputError(
      `${path} takes hidden states of width ${width}, but those of ${directory} have ` +
        `${config.n_embd}: they do not belong together`,
    );
  }
  checkSite(model.decoder, site);
}

/**
 * The site to try an SAE at.
 *
 * @throws {InputError} If a site was given that the SAE contradicts.
 */
function siteFor(
  { path, site, siteInWords }: OpenedSae,
  given: Site | undefined,
): Site | undefined {
  if (given === undefined || site === undefined || isSameSite(given, site)) return given ?? site;
  throw new InputError(
    `${path} reads at ${siteText(site)} (${siteInWords}), not at ${siteText(given)}`,
  );
}
