/**
 * Examines an SAE: what it is, whether its weights are sound, and whether it fits a language model.
 *
 * @module
 */
import { type Observer, SILENT } from "../base/observer.ts";
import { isSameSite, type Site } from "../lm/site.ts";
import { withCentring } from "../sae/centred.ts";
import { examineWeights, type WeightExamination } from "./examine_weights.ts";
import { doubt, type Finding } from "./finding.ts";
import { judgeFit } from "./judge_fit.ts";
import type { OpenedSae, SaeOptions } from "../sae/formats/format.ts";
import { openSae } from "../sae/open_sae.ts";
import type { Sae } from "../sae/sae.ts";
import { contradicted, fitOf, isAlignSae, type ModelFit, type TrialOptions } from "./model_fit.ts";
import { storedTypes } from "./stored_types.ts";

/** What is to be examined. */
export interface ExaminationOptions extends SaeOptions, TrialOptions {
  /** The SAE: a file or a directory. */
  readonly sae: string;
  /** The Hugging Face directory of a language model. Default: only the files are examined. */
  readonly lmModel?: string | undefined;
  /** Prompts for it. */
  readonly questionFile?: string | undefined;
  /** Where the SAE reads, if its files do not say it. */
  readonly site?: Site | undefined;
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
  return { ...found, site: fit.site, fit, findings: [...notes, ...weights.findings, ...fits] };
}

/**
 * The site to try an SAE at.
 *
 * @throws {InputError} If a site was given that the SAE contradicts.
 */
function siteFor(opened: OpenedSae, given: Site | undefined): Site | undefined {
  const { site } = opened;
  if (given === undefined || site === undefined || isSameSite(given, site)) return given ?? site;
  // Which layer of AlignSAE's is the one after the last block's, the model says.
  if (isAlignSae(opened) && given.point === "final") return given;
  throw contradicted(opened, site, given);
}
