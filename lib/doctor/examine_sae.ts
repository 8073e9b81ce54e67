/**
 * Examines an SAE: what it is, whether its weights are sound, and whether it fits a language model.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { type DeviceRequest, openDevice, prepareDevice } from "../compute/device.ts";
import { collectHiddenStates } from "../lm/hidden_states.ts";
import { type LanguageModel, openLanguageModel, tokenizeQuestions } from "../lm/language_model.ts";
import { checkSite } from "../lm/decoder_depth.ts";
import { isSameSite, type Site, siteText } from "../lm/site.ts";
import { readQuestions } from "../questions/question_file.ts";
import { listRelations } from "../questions/relations.ts";
import { sampleQuestions } from "../questions/sample.ts";
import type { SiteFit } from "../sae/doctor/better_neighbour.ts";
import { doubt, type Finding } from "../sae/doctor/finding.ts";
import { examineWeights, type WeightExamination } from "../sae/doctor/examine_weights.ts";
import type { Fit } from "../sae/doctor/fit_meter.ts";
import { judgeFit } from "../sae/doctor/judge_fit.ts";
import type { OpenedSae, SaeOptions } from "../sae/formats/format.ts";
import { openSae } from "../sae/open_sae.ts";
import type { Sae } from "../sae/sae.ts";
import { measureFit, measureSites, sitesToCompute } from "./site_fits.ts";
import { storedTypes } from "./stored_types.ts";

/** What is to be examined. */
export interface ExaminationOptions extends SaeOptions {
  /** The SAE: a file or a directory. */
  readonly sae: string;
  /** The Hugging Face directory of a language model. Default: only the files are examined. */
  readonly lmModel?: string | undefined;
  /** Prompts for it. */
  readonly questionFile?: string | undefined;
  /** How many prompts of each relation are used. Default: 50. */
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
  /** At the SAE's site. */
  readonly here: SiteFit;
  /** Beside it. */
  readonly neighbours: readonly SiteFit[];
  /** At its site, read as another library does; undefined where there is one reading only. */
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

const SAMPLES_PER_RELATION = 50;
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
  const { here, neighbours } = fit;
  const judged = judgeFit({ here, neighbours, declaredL0: opened.declaredL0 });
  // Analyses of AlignSAE's files have always gone on with a warning.
  const fits = opened.format === "AlignSAE" ? judged.map(({ text }) => doubt(text)) : judged;
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
  const model = await openLanguageModel(lmModel, observer);
  checkFits(opened, site, model);
  const prompts = await promptsOf(model, questionFile, options.samplesPerRelation);
  using device = await openDevice(requested);
  const { n_layer: blockCount } = model.config;
  const place = { site, predicted: opened.predicts?.site, blockCount };
  observer.phase("language model", prompts.length, "prompts");
  using states = await collectHiddenStates(model, prompts, {
    sites: sitesToCompute(site, place.predicted, blockCount),
    runtime: device.runtime,
    onProgress: (done) => observer.progress(done),
    onNote: (message) => observer.note(message),
  });
  observer.phase("SAE");
  const decoder = await opened.readDecoder();
  const subject = { sae, decoder, device, observer };
  const measured = await measureSites(states, place, subject);
  if (!HAS_TWO_READINGS.includes(opened.format)) return { model: lmModel, ...measured };
  const name = options.reading === "saelens" ? "owner" : "saelens";
  const other = await openSae(options.sae, { ...options, reading: name });
  const rows = states.at(site);
  const fit = await measureFit({ states: rows, targets: rows }, {
    ...subject,
    sae: withCentring(await other.read(), other),
    decoder: await other.readDecoder(),
  });
  return { model: lmModel, ...measured, otherReading: { name, fit } };
}

function checkFits({ path, width }: OpenedSae, site: Site, model: LanguageModel): void {
  const { directory, config } = model;
  if (width !== config.n_embd) {
    throw new InputError(
      `${path} takes hidden states of width ${width}, but those of ${directory} have ` +
        `${config.n_embd}: they do not belong together`,
    );
  }
  checkSite(model.decoder, site);
}

async function promptsOf(
  model: LanguageModel,
  path: string,
  samplesPerRelation: number = SAMPLES_PER_RELATION,
): Promise<number[][]> {
  const file = await readQuestions(path);
  const relations = listRelations(file.relationNames);
  const least = Math.min(
    ...relations.map(({ index }) => file.questions.filter((q) => q.relation === index).length),
  );
  const sample = sampleQuestions(file, {
    relations,
    relationCount: relations.length,
    samplesPerRelation: Math.min(samplesPerRelation, least),
  });
  return tokenizeQuestions(model, sample.questions, file.path);
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

/** An SAE that was trained on centred states gets centred ones. */
function withCentring(sae: Sae, { isCentred = false }: OpenedSae): Sae {
  return isCentred ? { ...sae, input: [{ kind: "centre" }, ...sae.input] } : sae;
}
